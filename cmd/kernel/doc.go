// Command kernel is the notebook kernel of the course: gophernotes, completed so
// that it runs on today's Go, with the course's packages compiled in.
//
// It can't be built by go build alone. gophernotes is a command, which nobody can
// import, so the files that we take from it unchanged (display.go, image.go,
// messages.go) are laid over this folder when the kernel is compiled; package
// stepwise/cmd/kernel/build does that, and the stepwise command calls it:
//
//	go run ./cmd/stepwise lab
//
// Our own files carry the build tag stepwise_kernel, so that go build, go vet and
// go test see a folder that compiles without gophernotes: this file and stub.go.
// Read them in this order: main.go, kernel.go, execute.go.
//
// The tables (tables*.go) hold the packages that a cell can import at once. They
// are generated for Linux; elsewhere a cell can import gomacro's own tables only,
// so on macOS the course runs in its container.
//
// The go command is not needed while the kernel runs, unless a cell imports a
// package that is in no table.
package main

//go:generate go run ./generate
