package lesson

var readAllHints = map[string]Hints{
	"Q01": {
		"Try it in your head with an answer of no bytes, and with one that fills your buffer to the last byte.",
		"A full buffer says nothing about the end, and neither does an empty answer. Who says it?",
		"Append each chunk until the read returns io.EOF; then return what you have, and no error. Don't touch the bytes.",
	},
	"Q02": {
		"What does your code take for the end?",
		"A short read is a short read: the peer is slow. The end is io.EOF.",
		"Leave out every comparison of a chunk's length with the buffer's.",
	},
	"Q04": {
		"An error in the middle: what does your caller get, and what do they lose?",
		"They need both: the error, so that half an answer doesn't look whole, and the bytes that came before it.",
		"`if err == io.EOF { return data, nil }`, and then `if err != nil { return data, err }`.",
	},
	"Q05": {
		"How much memory does a peer take that never ends?",
		"Compare what you have with the limit after each chunk.",
		"`if len(data) > limit { return data[:limit], sock.ErrTooLong }`.",
	},
	"Q06": {
		"Is the limit the last size that is allowed, or the first that isn't?",
		"The limit itself is allowed, so one more byte has to come before you refuse.",
		"Use `>` and not `>=`.",
	},
	"Q07": {
		"What do you do to the bytes on their way?",
		"Nothing. Whether they are text, and in which encoding, is your caller's business.",
		"Append the chunk as it is, and return a []byte.",
	},
	"Q08": {
		"When do you look at the limit: after each piece, or when all is there?",
		"A peer that has sent too much may never end. Whether it is too much, you know as soon as the piece is there.",
		"`data = append(data, chunk...)`, and right after it, in the loop, `if len(data) > limit { … }`.",
	},
	"R07": {
		"Your Task is canceled while it waits. What does sock.Read return then, and what do you make of it?",
		"It returns future.ErrCanceled: an error like any other. It isn't the end, and what came before it is returned too.",
		"`if err != nil { return data, err }` for every error but io.EOF.",
	},
	"R08": {
		"Another Task reads on this socket, and waits. What does sock.Read return to you?",
		"It returns sock.ErrBusy: an error like any other. The answer has not ended.",
		"`if err != nil { return data, err }` for every error but io.EOF.",
	},
	"R14": {
		"Two tasks are in your function at the same moment. Which of your variables do they share?",
		"Whatever stands outside of the function, there is one of. Each call collects its own bytes.",
		"`var data []byte` inside the function, and no variables of the package.",
	},
}
