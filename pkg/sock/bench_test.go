package sock_test

import (
	"testing"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// BenchmarkEcho is a message of 64 bytes to a server and back, on a kept
// connection: as it is, and recorded.
func BenchmarkEcho(b *testing.B) {
	b.Run("plain", func(b *testing.B) { echo(b, nil) })
	b.Run("recorded", func(b *testing.B) { echo(b, trace.NewRecorder(0)) })
}

func echo(b *testing.B, r *trace.Recorder) {
	server := faulty.Echo()
	defer server.Close()
	l, err := loop.New(loop.Options{Probe: r})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	b.ReportAllocs()
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		s, err := sock.Connect(yield, server.Addr())
		if err != nil {
			return nil, err
		}
		defer s.Close()
		p := make([]byte, 64)
		for b.Loop() {
			if err := sock.Send(yield, s, p); err != nil {
				return nil, err
			}
			for n := 0; n < len(p); {
				got, err := sock.ReadInto(yield, s, p[n:])
				if err != nil {
					return nil, err
				}
				n += got
			}
		}
		return nil, nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
