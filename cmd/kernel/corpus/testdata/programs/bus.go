package main

import (
	"fmt"
	"iter"
)

type evKind uint8

const (
	read evKind = iota
	write
)

func (k evKind) String() string { return []string{"read", "write"}[k] }

type event struct {
	kind evKind
	at   int
}
type ring[T any] struct {
	buf [3]T
	n   int
}

func (r *ring[T]) push(v T) { r.buf[r.n%len(r.buf)] = v; r.n++ }
func (r *ring[T]) all() (out []T) {
	for i := max(0, r.n-len(r.buf)); i < r.n; i++ {
		out = append(out, r.buf[i%len(r.buf)])
	}
	return
}
func (r *ring[T]) seq() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, v := range r.all() {
			if !yield(i, v) {
				return
			}
		}
	}
}
func group[T any, K comparable](all []T, key func(T) K) map[K][]T {
	m := make(map[K][]T)
	for _, v := range all {
		m[key(v)] = append(m[key(v)], v)
	}
	return m
}

type observer interface{ notify(event) }
type observerFunc func(event)

func (f observerFunc) notify(e event) { f(e) }

type printer struct{ seen []event }

func (p *printer) notify(e event) { p.seen = append(p.seen, e) }

type bus struct{ subs map[evKind][]observer }

func (b *bus) on(k evKind, o observer) {
	if b.subs == nil {
		b.subs = map[evKind][]observer{}
	}
	b.subs[k] = append(b.subs[k], o)
}
func (b *bus) emit(e event) {
	for _, o := range b.subs[e.kind] {
		o.notify(e)
	}
}

func main() {
	var r ring[event]
	for i := range 5 {
		r.push(event{kind: evKind(i % 2), at: i})
	}
	fmt.Println(r.all())
	for i, e := range r.seq() {
		if i == 1 {
			break
		}
		fmt.Printf("%v %+v %T\n", e, e, e)
	}
	by := group(r.all(), func(e event) evKind { return e.kind })
	fmt.Println(by[read], len(by), by)
	var o observer = &printer{}
	b := bus{}
	b.on(read, o)
	b.on(read, observerFunc(func(e event) { fmt.Println("func", e.at) }))
	b.emit(event{read, 7})
	b.emit(event{write, 8})
	fmt.Println(o.(*printer).seen)
}
