"""The spiders, by job. `scrapy list` shows them."""
