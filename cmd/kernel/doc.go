// Command kernel is the notebook kernel of the course: gophernotes, completed so
// that it runs on today's Go, with the course's packages compiled in.
//
// What a cell does is package cell's business, what it can import package tables',
// what it can show package display's, what Shift-Tab says of a package package docs',
// what a cell can't do and whether it is complete package cells', and which cells have
// run package history's; none of them knows Jupyter. This folder is the talk with
// Jupyter: messages in, messages out. The sockets that they come and go by are package
// zmtp's, their signatures package signature's.
//
// It can't be built by go build alone. gophernotes is a command, which nobody can
// import, so the file that we take from it unchanged (messages.go) is laid over
// this folder when the kernel is compiled; package stepwise/cmd/kernel/build does
// that, and the stepwise command calls it:
//
//	go run ./cmd/stepwise lab
//
// Our own files carry the build tag stepwise_kernel, so that go build, go vet and
// go test see a folder that compiles without gophernotes: this file and stub.go.
// Read them in this order: main.go, kernel.go, execute.go, stdin.go, info.go.
//
// The go command is not needed while the kernel runs.
package main

//go:generate go run ./generate
