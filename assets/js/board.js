/* The board of a window is made new each minute. Without this file the page comes anew by itself. */
"use strict";
setTimeout(() => location.reload(), 60000);
