package simulation_test

// In the worst weather, time still passes. Read world_test.go first.

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestFalseWakeUpsLetTimePass: with many descriptors, select was wrong about one of them
// nearly every time, and a World of 200 connections stood still.
func TestFalseWakeUpsLetTimePass(t *testing.T) {
	for name, row := range map[string]struct {
		weather   simulation.Weather
		listeners int
		most      int // calls of callbacks in a sleep
	}{
		"one descriptor, always":         {simulation.Weather{Spurious: 1}, 1, 2},
		"many descriptors, always":       {simulation.Weather{Spurious: 1}, 300, 600},
		"many descriptors, now and then": {simulation.Rough, 300, 600},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			_, err := play(t, 1, row.weather, func(yield coro.Yield, l *loop.Loop) error {
				for i := range row.listeners {
					s, err := sock.Listen(l, fmt.Sprint("10.0.0.1:", 1000+i))
					if err != nil {
						return err
					}
					defer s.Close()
					fd := s.FD()
					err = l.AddReader(fd, func() {
						if calls++; calls == 10*row.most {
							l.Stop()
						}
					})
					if err != nil {
						return err
					}
					defer l.RemoveReader(fd)
				}
				return task.Sleep(yield, time.Minute)
			})
			require.NoError(t, err)
			require.NotZero(t, calls)
			require.LessOrEqual(t, calls, row.most)
		})
	}
}

// TestInterruptedCallsEnd: a call that is interrupted is made again, and then succeeds.
func TestInterruptedCallsEnd(t *testing.T) {
	_, err := play(t, 1, simulation.Weather{Interrupt: 1}, func(yield coro.Yield, l *loop.Loop) error {
		listener, err := sock.Listen(l, address)
		if err != nil {
			return err
		}
		defer listener.Close()
		client, err := sock.Connect(yield, address)
		if err != nil {
			return err
		}
		defer client.Close()
		server, err := sock.Accept(yield, listener)
		if err != nil {
			return err
		}
		defer server.Close()
		if err := sock.Send(yield, client, []byte("hello")); err != nil {
			return err
		}
		got, err := sock.Read(yield, server)
		require.Equal(t, "hello", string(got))
		return err
	})
	require.NoError(t, err)
}
