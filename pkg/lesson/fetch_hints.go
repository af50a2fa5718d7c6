package lesson

var fetchHints = map[string]Hints{
	"X02": {
		"How many bytes does the head promise, and how many do you take from the reader?",
		"Take exactly that many: what comes after them is the next answer. A reader can fill a slice of just that size.",
		"`p := make([]byte, n)`, and then `io.ReadFull(r, p)`.",
	},
	"X03": {
		"Which event tells you that the body is over? Does it come on a connection that stays open?",
		"The end of the stream doesn't come here. The head has said where the body ends: by a length, or by chunks.",
		"Decide by `head.Header` before you read: \"Transfer-Encoding\" first, then \"Content-Length\"; read to the end of the stream only where there is neither.",
	},
	"X01": {
		"What does `io.ReadFull` say when the stream ends before your slice is full? And when not a single byte came?",
		"It returns io.ErrUnexpectedEOF in the middle, and io.EOF before the first byte. For you, both mean the same: the body broke off.",
		"`n, err := io.ReadFull(r, p); if err == io.EOF { err = io.ErrUnexpectedEOF }; return p[:n], err`, but not for a length of 0.",
	},
	"X22": {
		"What is left to go by if the head mentions neither a length nor chunks?",
		"Such a body ends where the server closes. It is the one case in which the end of the stream is the end of the body, and not an error.",
		"`io.ReadAll(io.LimitReader(r, int64(min(limit, math.MaxInt-1))+1))`: one byte more than the limit, so that you see whether there is more, unless the limit is the largest int.",
	},
	"X21": {
		"Look at the method and at the status before you look at the lengths.",
		"An answer to HEAD has no body, and neither has 204 or 304, whatever length they announce: it is the length that a GET would bring.",
		"`if method == \"HEAD\" || head.Code == 204 || head.Code == 304 { return nil, nil }`, before all else.",
	},
	"X04": {
		"What does your conversion make of \"+5\", of \"-5\", and of nothing at all?",
		"A length is digits, and nothing else. strconv.Atoi takes a sign.",
		"`n, err := strconv.ParseUint(value, 10, 63)`: it takes no sign. Whatever it refuses, you refuse with fetch.ErrFraming.",
	},
	"X23": {
		"`head.Header.Get` gives you the first value. How do you see that there is a second one?",
		"`head.Header[\"Content-Length\"]` has all of them. The same value twice is fine; two that differ are not.",
		"`for _, other := range lengths { if other != lengths[0] { return nil, fetch.ErrFraming } }`.",
	},
	"X24": {
		"What do you do when the head says two things?",
		"You refuse it. The same goes for a coding other than chunked, for more than one coding, and for chunks in HTTP/1.0, which doesn't have them.",
		"If there is a \"Transfer-Encoding\": fetch.ErrFraming unless it is the single value \"chunked\" (`strings.EqualFold`), no length stands beside it, and `head.Proto` is \"HTTP/1.1\".",
	},
	"X05": {
		"What does a chunk look like? Write one down, with every \\r\\n.",
		"A line with the size in hexadecimal, that many bytes, and a line end. A size of 0 is the last; an empty line follows it. In the data, bytes that look like a line end are data.",
		"In a loop: a line, `strconv.ParseUint(line, 16, 63)`, `io.ReadFull` of that many bytes, and a line that must be empty. At 0: read the empty line and return.",
	},
	"X25": {
		"Does it matter how a server writes \"chunked\"?",
		"The names of codings may come in capital or small letters, or both. Compare them so.",
		"`strings.EqualFold(value, \"chunked\")`.",
	},
	"X16": {
		"What may stand in the line besides the size?",
		"A semicolon, and words that you don't know. They aren't part of the size.",
		"`size, _, _ := strings.Cut(line, \";\")`.",
	},
	"X17": {
		"What may stand between the last chunk and the empty line?",
		"Header lines: trailers. They belong to this message, so you must read them, even if you don't use them.",
		"After the size 0, read lines until one is empty. A hundred lines are allowed, and the empty one comes after them.",
	},
	"X18": {
		"What do you do with the error of your conversion? And does it take a sign?",
		"After a size that you can't read, nothing can be trusted.",
		"`n, err := strconv.ParseUint(size, 16, 63)`, and return any error it gives as fetch.ErrFraming.",
	},
	"X20": {
		"The chunk's bytes are read. What must come next?",
		"A line end, and nothing before it. If something else is there, the size was wrong.",
		"Read a line, and return fetch.ErrFraming if it isn't empty.",
	},
	"X27": {
		"Where does your line end: at \\n, or at \\r\\n? What does your code take away from its end?",
		"A line of these ends in \\r\\n, once. strings.TrimRight takes away any number of both characters, and a \\n alone.",
		"`text, ended := strings.CutSuffix(string(line), \"\\r\\n\")`; if it isn't ended, return fetch.ErrFraming.",
	},
	"X19": {
		"At which places can an answer in chunks break off? What does your code say at each?",
		"Until you have read the empty line after the last chunk, the end of the stream is io.ErrUnexpectedEOF: in a size, in the data, between two chunks, in the trailers. What came is returned with it.",
		"In the function that reads a line: `if err == io.EOF { err = io.ErrUnexpectedEOF }`; the same in the one that reads n bytes. Append the piece to the body before you look at its error.",
	},
	"X06": {
		"How long may a line be, and how many trailers may there be?",
		"ReadString reads until a line end comes, however long that takes. ReadSlice takes no more than the reader's buffer, and then says bufio.ErrBufferFull.",
		"`line, err := r.ReadSlice('\\n')`, and count the trailers: after a hundred, return fetch.ErrHeadTooLong.",
	},
	"Q05": {
		"Who decides how much memory you take: you or the server?",
		"Look at the limit before you make room: at a length, and at each chunk's size together with what you have. Where there is neither, stop at one byte more than the limit.",
		"`if n > uint64(limit-len(body)) { return body, fetch.ErrTooLong }`, before `make`. Never add a size to another number first: the sum of two large ones is negative.",
	},
	"Q06": {
		"Is the limit the last size that is allowed, or the first that isn't?",
		"A body of exactly the limit is allowed, in chunks too: the last chunk, of size 0, adds nothing.",
		"Use `>` and not `>=`; and read up to limit+1 where only the end of the stream marks the end.",
	},
	"Q04": {
		"Which errors do you turn into something else?",
		"Only io.EOF. A reset is an error of its own, and your caller wants to see it, with the bytes that came before.",
		"Return the error of io.ReadFull and io.ReadAll as it is, unless it is io.EOF, and the bytes with it.",
	},
	"Q03": {
		"Your caller keeps a body, and reads the next one. What is in the first one now?",
		"A slice is a view of a buffer. What `Peek` and `ReadSlice` return belongs to the reader, and a buffer of the package to all calls.",
		"`p := make([]byte, n)` for each body, and io.ReadFull into it.",
	},
}
