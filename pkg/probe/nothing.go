package probe

import (
	"fmt"
	"time"
)

// Nothing is an Events that ignores everything: embed it, and add what you need.
type Nothing struct{}

func (Nothing) Scheduled(func()) any               { return nil }
func (Nothing) Queued(Callback)                    {}
func (Nothing) Began(Callback)                     {}
func (Nothing) Skipped(Callback)                   {}
func (Nothing) Returned(Callback)                  {}
func (Nothing) Sleep(time.Duration)                {}
func (Nothing) Woke(int)                           {}
func (Nothing) Ready(int, fmt.Stringer)            {}
func (Nothing) Watched(int, fmt.Stringer)          {}
func (Nothing) Unwatched(int, fmt.Stringer)        {}
func (Nothing) System(string, int, int, error)     {}
func (Nothing) Made(any)                           {}
func (Nothing) Named(any, fmt.Stringer)            {}
func (Nothing) Awaits(any, func())                 {}
func (Nothing) Read(any)                           {}
func (Nothing) Done(any, fmt.Stringer, any, error) {}
func (Nothing) Refused(any, string)                {}
func (Nothing) Spawned(t, result, body any)        {}
func (Nothing) Resumed(any, any, error)            {}
func (Nothing) Yielded(any, any)                   {}
func (Nothing) Stepped(any)                        {}
func (Nothing) CancelAsked(any)                    {}
func (Nothing) Opened(any, fmt.Stringer)           {}
func (Nothing) Abandoned(any)                      {}
func (Nothing) Closed(any)                         {}
func (Nothing) Entered(string) func()              { return func() {} }
func (Nothing) Noted(string)                       {}
func (Nothing) Origin(any) string                  { return "" }
func (Nothing) End()                               {}

var _ Events = Nothing{}
