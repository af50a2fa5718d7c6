//go:build !race

package task_test

const deep = 10_000
