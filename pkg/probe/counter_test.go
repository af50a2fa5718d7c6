package probe

import (
	"fmt"
	"time"
)

// counter is an Events that notes which of its methods were called.
type counter struct{ called []string }

func (c *counter) call(name string) { c.called = append(c.called, name) }

func (c *counter) Scheduled(func()) any               { c.call("Scheduled"); return nil }
func (c *counter) Queued(Callback)                    { c.call("Queued") }
func (c *counter) Began(Callback)                     { c.call("Began") }
func (c *counter) Skipped(Callback)                   { c.call("Skipped") }
func (c *counter) Returned(Callback)                  { c.call("Returned") }
func (c *counter) Sleep(time.Duration)                { c.call("Sleep") }
func (c *counter) Woke(int)                           { c.call("Woke") }
func (c *counter) Ready(int, fmt.Stringer)            { c.call("Ready") }
func (c *counter) Watched(int, fmt.Stringer)          { c.call("Watched") }
func (c *counter) Unwatched(int, fmt.Stringer)        { c.call("Unwatched") }
func (c *counter) System(string, int, int, error)     { c.call("System") }
func (c *counter) Made(any)                           { c.call("Made") }
func (c *counter) Named(any, fmt.Stringer)            { c.call("Named") }
func (c *counter) Awaits(any, func())                 { c.call("Awaits") }
func (c *counter) Read(any)                           { c.call("Read") }
func (c *counter) Done(any, fmt.Stringer, any, error) { c.call("Done") }
func (c *counter) Refused(any, string)                { c.call("Refused") }
func (c *counter) Spawned(t, result, body any)        { c.call("Spawned") }
func (c *counter) Resumed(any, any, error)            { c.call("Resumed") }
func (c *counter) Yielded(any, any)                   { c.call("Yielded") }
func (c *counter) Stepped(any)                        { c.call("Stepped") }
func (c *counter) CancelAsked(any)                    { c.call("CancelAsked") }
func (c *counter) Opened(any, fmt.Stringer)           { c.call("Opened") }
func (c *counter) Abandoned(any)                      { c.call("Abandoned") }
func (c *counter) Closed(any)                         { c.call("Closed") }
func (c *counter) Entered(string) func()              { c.call("Entered"); return func() {} }
func (c *counter) Noted(string)                       { c.call("Noted") }
func (c *counter) Origin(any) string                  { c.call("Origin"); return "" }
func (c *counter) End()                               { c.call("End") }
