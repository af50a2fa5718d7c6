package lesson

var nonblockingHints = map[string]Hints{
	"Q01": {
		"Read has four answers. Which of them says that the peer has ended?",
		"A count above 0 is data, which you add to t.Data. A count of 0 with no error is the end, which is t.Over.",
		"`case n == 0: t.Over = true`, `default: t.Data = append(t.Data, p[:n]...)`.",
	},
	"R01": {
		"What does read return when nothing is there, and what do you do then?",
		"EAGAIN is neither the end nor a failure. Nothing changes in this talk, and it stays open: the next call of poll asks again.",
		"`case err == unix.EAGAIN:` with nothing in it, as the first case; and no loop around read.",
	},
	"Q02": {
		"What was in t.Data before this piece came?",
		"Pieces come one after the other. Add each to what is there already.",
		"`t.Data = append(t.Data, p[:n]...)`.",
	},
	"V02": {
		"Number 0 is silent. Do you get to number 1? And whose bytes are in the buffer afterwards?",
		"If nothing has come, go on with the next talk. And copy the bytes out of the buffer, since the next read writes over it.",
		"No `return` and no `break` out of the loop over talks, and no change to the list itself; `append(t.Data, p[:n]...)` copies, `p[:n]` alone doesn't.",
	},
	"V03": {
		"After a read that brought something: do you read again, or go on with the next talk?",
		"One attempt for each talk. What is still there comes with the next poll, and the others get their turn first.",
		"No loop around `unix.Read`: only the one over the talks.",
	},
	"R02": {
		"What do you do with a talk that is over already?",
		"Its owner may have closed the descriptor, and the number may be in use again for something else. Don't even ask.",
		"`if t.Over { continue }` as the first line in the loop.",
	},
	"R03": {
		"An error that isn't EAGAIN: what must the reader of the talk know?",
		"That it is over, and that it didn't end in order. Both are fields of the talk.",
		"`case err != nil: t.Over, t.Err = true, err`, after the case of EAGAIN.",
	},
	"X13": {
		"The first talk fails. What happens to the second one in this round?",
		"The error belongs to its talk alone. Store it there, and go on.",
		"No `return` in the loop over talks.",
	},
	"Q03": {
		"How much of your buffer has a read filled, and where do the bytes go that came before?",
		"Only p[:n] is new; what is behind it is older. Add it to what is there.",
		"`t.Data = append(t.Data, p[:n]...)`, which copies.",
	},
}
