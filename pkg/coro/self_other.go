//go:build !amd64 && !arm64

package coro

func self() uintptr { return numberOfSelf() }
