// echo.js PORT: JavaScript's callbacks, on libuv.
require("net")
  .createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (data) => socket.write(data));
  })
  .listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
