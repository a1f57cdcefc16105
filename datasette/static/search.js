// The search page: brings the counts in after the hits, and tidies the address. Without it both are links.
"use strict";
const place = document.querySelector("[data-load]");
if (place) {
  fetch(place.dataset.load)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((page) => {
      const counted = new DOMParser().parseFromString(page, "text/html").getElementById("counted");
      if (!counted) return;
      place.replaceChildren(document.adoptNode(counted));
      place.dispatchEvent(new CustomEvent("charts", { bubbles: true }));
    })
    .catch((reason) => console.warn("the counts did not load:", reason)); // the link to them stays
}
const tidy = document.querySelector("link[rel=canonical]");
if (tidy) history.replaceState(null, "", tidy.href + location.hash);
