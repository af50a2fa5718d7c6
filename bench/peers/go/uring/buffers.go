package main

// Buffers from which the kernel chooses one when data has come, so that a connection that
// waits needs none.

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const bufferCount, bufferSize = 8192, 8192

type buffers struct {
	bytes []byte       // outside Go's heap
	free  []freeBuffer // a ring that the kernel reads
	given uint16       // how many were ever given to it
}

type freeBuffer struct {
	addr   uint64
	len    uint32
	number uint16
	given  uint16 // of the first entry alone; the kernel reads it
}

func newBuffers(r *ring) (*buffers, error) {
	const size = bufferCount * bufferSize
	memory, err := unix.Mmap(-1, 0, size+bufferCount*int(unsafe.Sizeof(freeBuffer{})), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, err
	}
	b := &buffers{bytes: memory[:size], free: unsafe.Slice((*freeBuffer)(unsafe.Pointer(&memory[size])), bufferCount)}
	const registerBufferRing = 22
	registration := struct {
		addr    uint64
		entries uint32
		_       uint32 // the group, which is 0, and flags
		_       [3]uint64
	}{addr: uint64(uintptr(unsafe.Pointer(&memory[size]))), entries: bufferCount}
	if _, _, errno := unix.Syscall6(unix.SYS_IO_URING_REGISTER, uintptr(r.fd), registerBufferRing, uintptr(unsafe.Pointer(&registration)), 1, 0, 0); errno != 0 {
		return nil, fmt.Errorf("io_uring's ring of buffers: %w", errno)
	}
	for n := range bufferCount {
		b.give(uint16(n))
	}
	return b, nil
}

func (b *buffers) of(p part) []byte { return b.bytes[int(p.buffer)*bufferSize:][:p.bytes] }

// give lets the kernel use buffer n again, after the next publish.
func (b *buffers) give(n uint16) {
	entry := &b.free[b.given%bufferCount]
	entry.addr, entry.len, entry.number = uint64(uintptr(unsafe.Pointer(&b.bytes[int(n)*bufferSize]))), bufferSize, n
	b.given++
}

// publish tells the kernel of what was given. Go has no atomic store of 16 bits, so it
// stores the first entry's number too, which stands before the count.
func (b *buffers) publish() {
	first := &b.free[0]
	atomic.StoreUint32((*uint32)(unsafe.Pointer(&first.number)), uint32(b.given)<<16|uint32(first.number))
}
