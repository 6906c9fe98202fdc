/* The QR code of a kept application carries its code behind the sign #, which no server is told: it is typed in here. */
"use strict";
const code = document.getElementById("id_code");
if (code && !code.value && location.hash.length > 10) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
