// Runs before the page is drawn, so that nothing jumps. GOV.UK Frontend does this inline, which our policy forbids.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
