#!/bin/sh
# The command of the container image: the server, and every other command beside it in the running container.
# The flags of Node are those of `npm start`.
exec node --enable-source-maps --max-semi-space-size=16 /app/dist/src/main.js "$@"
