// Command kernel is the notebook kernel of the course: gophernotes, completed so
// that it runs on today's Go, with the course's packages compiled in.
//
// This folder is the conversation with Jupyter: messages in, messages out. The rest is
// in packages that know nothing of Jupyter: cell runs a cell, source reads its text, check
// has Go's type checker judge it, with the types that exports knows, and limits finds what
// the interpreter can't do. tables holds what cells can import, display what they can show,
// docs what Shift-Tab says of a package, history the cells that have run. zmtp is the
// sockets, signature the signatures of the messages.
//
// # One foreign file
//
// go build alone can't build it. The kernel takes one file from gophernotes unchanged,
// messages.go: how a message is read, written and answered. gophernotes is a command,
// which no package can import, and the course keeps no copy of foreign code, which
// nobody would update. So the file stays in the module cache, in the version that go.mod
// names, and is laid over this folder when the kernel is compiled. Package
// stepwise/cmd/kernel/build does that, and the stepwise command calls it:
//
//	go run ./cmd/stepwise lab
//
// The price is the build tag stepwise_kernel on all files here but this one and
// stub.go, so that go build, go vet and go test see a folder that compiles without
// gophernotes. Command stepwise/cmd/kernel/overlay lets them see the rest. It would end
// if gophernotes offered its messages as a package, or if we wrote those 350 lines
// ourselves: then tag, stub and overlay could go, and gophernotes with them.
//
// Read the files in this order: main.go, kernel.go, execute.go, stdin.go, info.go.
//
// The go command is not needed while the kernel runs.
package main

//go:generate go run ./generate
