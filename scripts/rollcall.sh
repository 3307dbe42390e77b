#!/bin/sh
# The command of the container image: the server, and every other command beside it in the running container.
exec node --enable-source-maps /app/dist/src/main.js "$@"
