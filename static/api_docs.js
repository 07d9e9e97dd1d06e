// Shows the API's description; "Authorize" takes a token, which stays in this page.
"use strict";
const at = document.getElementById("api");
SwaggerUIBundle({ url: at.dataset.schema, domNode: at, deepLinking: true, docExpansion: "list" });
