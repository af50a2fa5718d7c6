// Package outside brings in what happens off the loop: signals, blocking work,
// names.
//
// All of it runs in goroutines of its own, and reaches the loop by the only door that
// it has, CallSoonThreadsafe. The loop is held only while a task waits, or OnSignal
// listens: so an idle loop sleeps until the news comes, and a real deadlock is still
// reported. Whatever was begun ends with the loop.
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
