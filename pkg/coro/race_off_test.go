//go:build !race

package coro_test

const many, deep = 100_000, 10_000
