"""Reasons: what each rule drops, in the words that `fazhi clean --why` and docs/words.md print."""

#: Rules of the catalogue.
RULE_REASONS = {
    "script": "a line of a script or template, or a stray tag",
    "style_sheet": "a line of a style sheet",
    "word_residue": "a style definition of a word processor",
    "page_number": "the number of a printed page: — 3 —",
    "lost_spaces": "nothing but `?`: spaces that were lost",
    "qr_code": "the caption of a QR code: 扫一扫在手机打开当前页",
    "media_player": "a browser's complaint: 您的浏览器不支持video标签",
    "font_size": "a switch for the size of letters: 字体：【大 中 小】",
    "share": "buttons for sharing: 分享到 微信 微博",
    "read_aloud": "controls for reading aloud: 朗读, 语音播报",
    "counter": "how often the page was read: 浏览次数：35次",
    "site_tools": "tools of the site: 无障碍浏览, 长者版, 简体 | 繁体, 登录 | 注册",
    "feedback": "a question to the reader: 我要纠错, 满意 不满意, 网友评论仅供…",
    "replies": "what readers wrote, or a survey, and all under it: 网友留言（3）, 网上调查",
    "print_close": "a button: 打印本页, 关闭窗口, 返回顶部",
    "breadcrumb": "where the page stands in the site: 当前位置：首页 > 政务公开",
    "neighbours": "the page before or after: 上一篇：…, and the titles under it",
    "caption": "the heading of a part of the page: 【摘要】, 正文内容",
    "pager": "pages of a list: 上一页 1 2 下一页 尾页",
    "page_links": "the number of a page of the article, by itself",
    "related": "links to other pages: 相关链接, 相关解读, and the list under them",
    "public_account": "what a public account asks for: 点击“阅读原文”, 点分享 点在看",
    "download": "a button or the name of a file, alone on a line below the text or instead of one: 附件下载",
    "footer": "the foot of the site: 主办单位：…, 网站标识码, ICP备, 版权所有",
    "separator": "strokes and stars",
    "byline": "who wrote or entered it, and when: 来源：… 作者：…, 责任编辑：…",
    "footer_contact": "the site's own address and telephone, beside a `footer` line",
}
#: What other passes take away.
PASS_REASONS = {
    "outside_body": "a line of the page that is not in its body",
    "metadata_block": "labels and values of the metadata block: they are in `fields` and `labels`",
    "info_bar": "labels and values of a bar above or below the text: they are in `fields` and `labels`",
    "title": "it equals the title",
    "column_name": "the name of a column above the title",
    "box": "a box that the site set into the text: comments, a survey, 延伸阅读",
    "second_copy": "a body that the page holds twice",
    "bookmark_residue": "a repair left nothing of it",
    "question_marks": "a repair left nothing of it",
}
