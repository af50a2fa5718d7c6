package lesson

var fastHints = map[string]Hints{
	"F01": {
		"Does each byte come back, and does your echo see the end?",
		"A read that returns 0 is the end: return nil then. A defer closes the socket, however you return. Each byte goes by the calls of the loop, which are counted.",
		"`defer s.Close()`; `calls := s.Loop().Calls()`; `n, err := calls.Recv(s.FD(), p)`; `if err == nil && n == 0 { return nil }`.",
	},
	"F02": {
		"The report lists the calls by name. Which of them does a message need, and which are there in case of something?",
		"A message must be received and sent. Before that there is one wait: two epoll_ctl and two epoll_wait. All else can go. A send tells by itself whether there is room, and a read whether the connection is well.",
		"In a loop: `stages.Ready(yield, s, selector.Read)`, `calls.Recv`, `calls.Send`. Wait for selector.Write only after EAGAIN. And don't read once more after a message: that read only finds EAGAIN.",
	},
	"F03": {
		"How many pieces do you make of 64 KiB?",
		"Each piece takes a wait, a read and a send. A larger buffer makes fewer pieces. Send all that you have read in one call.",
		"`p := make([]byte, 16<<10)`, and `calls.Send(s.FD(), data)` with all the data that is left.",
	},
	"F04": {
		"Where is your buffer made: once, or for each message?",
		"Make it before the loop. What you have read you may send from the same place, without a copy.",
		"`p := make([]byte, 16<<10)` before the `for`, then `calls.Recv(s.FD(), p)`, and send from `p[:n]`.",
	},
	"F05": {
		"How much of your data did the send take?",
		"Send returns how many bytes went out. Go on behind them, until nothing is left.",
		"`for len(data) > 0 { n, err := calls.Send(s.FD(), data); … ; data = data[n:] }`.",
	},
	"F06": {
		"What does EAGAIN say about the connection, and what does EINTR?",
		"Neither says anything. At EAGAIN wait, at EINTR try again, in both directions. With such an error n is -1.",
		"`if err == unix.EAGAIN || err == unix.EINTR { continue }` after Recv, which leads to the wait. After Send: at EAGAIN `n, err = 0, stages.Ready(yield, s, selector.Write)`, at EINTR `n, err = 0, nil`.",
	},
	"F07": {
		"A client sends, and doesn't read. What do you do when there is no room for its echo?",
		"Wait until there is room, and don't read meanwhile. Hold no more than 64 KiB. What is still registered for reading ends each sleep at once.",
		"Finish the sending before you read again: `n, err = 0, stages.Ready(yield, s, selector.Write)` at EAGAIN. If you have a reader of your own, remove it before you wait for room.",
	},
	"F08": {
		"What do your connections share?",
		"While one of them waits to send, another one reads. If both use the same buffer, it overwrites what the first has not sent.",
		"Make the buffer inside of Echo: `p := make([]byte, 16<<10)`.",
	},
	"F09": {
		"How often do you read before another task has a turn?",
		"A client may send faster than you read. Then a loop that reads until EAGAIN never ends. Each wait is a turn for the others.",
		"Call `stages.Ready(yield, s, selector.Read)` before each read; if there is something, it ends in the next round. Or count your reads, and call `task.Sleep(yield, 0)` after 32.",
	},
	"F11": {
		"The client has ended its side, and there is no room for its echo. What is left to do?",
		"The end is only about what comes. The client may still read: send the rest, and look for the end afterwards.",
		"Only a read that returns 0 is the end, and you read only after all is sent.",
	},
	"F12": {
		"What do you return when a read or a send fails, and what is still open?",
		"Return the error, and close the socket, by defer.",
		"`defer s.Close()` at the beginning, and `if err != nil { return err }` after all that may fail.",
	},
	"F13": {
		"Which call returns when the task is canceled, and with what?",
		"The wait returns the error. Return it at once. Close the socket, and remove a reader of your own before that.",
		"`if err := stages.Ready(yield, s, selector.Read); err != nil { return err }`, and `defer s.Close()`.",
	},
	"F14": {
		"Where does your echo wait when the client doesn't read?",
		"The wait for room returns the cancellation too.",
		"After `n, err = 0, stages.Ready(yield, s, selector.Write)` look at err before you go on.",
	},
}
