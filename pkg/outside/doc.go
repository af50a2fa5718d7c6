// Package outside brings in what happens off the loop: signals, blocking work,
// names.
//
// All of it runs in goroutines of its own. They reach the loop by CallSoonThreadsafe, the
// only way from another goroutine. While a task waits for them, or OnSignal listens, the
// loop sleeps until the news comes. At other times it still reports a deadlock. When the
// loop closes, all of it ends.
//
// Main is where a program begins: it makes the loop, and Ctrl-C cancels its task.
//
//	err := outside.Main(loop.Options{}, func(yield coro.Yield) error {
//		s, err := outside.Dial(yield, "localhost:7000")
//		if err != nil {
//			return err
//		}
//		defer s.Close()
//		text, err := outside.RunAs(yield, func(context.Context) ([]byte, error) { return os.ReadFile("a file") })
//		if err != nil {
//			return err
//		}
//		return sock.Send(yield, s, text)
//	})
package outside
