package lesson

// WRONG ON PURPOSE, each in one way; fetch.ReadBody is right.
var wrongFetches = []Wrong{
	{"takes the end of the stream for the end of the answer", fetchFaults{untilEnd: true}.impl(), []string{"X02", "X03", "X01", "X21", "X04", "X23", "X24", "X05", "X25", "X16", "X17", "X18", "X20", "X27", "X19", "X06", "Q05", "Q06", "Q04", "Q03"}},
	{"takes a short body for a whole one", fetchFaults{shortIsWhole: true}.impl(), []string{"X01"}},
	{"says io.EOF where a body breaks off", fetchFaults{plainEOF: true}.impl(), []string{"X01", "X19"}},
	{"reads a piece where it should read all of a length", fetchFaults{once: true}.impl(), []string{"X02", "X01", "X05", "Q04", "Q03"}},
	{"drops what came before an error", fetchFaults{dropsData: true}.impl(), []string{"X01", "X18", "X19", "Q05", "Q04"}},
	{"reads a body after 204, 304 and HEAD", fetchFaults{bodyAlways: true}.impl(), []string{"X21"}},
	{"reads a body after HEAD", fetchFaults{forgetsHead: true}.impl(), []string{"X21"}},
	{"reads a body after 304", fetchFaults{forgets304: true}.impl(), []string{"X21"}},
	{"takes a length with a sign", fetchFaults{signs: true}.impl(), []string{"X04"}},
	{"takes a length that it can't read for none", fetchFaults{badIsNone: true}.impl(), []string{"X04", "X23"}},
	{"trusts the first of two lengths", fetchFaults{firstLength: true}.impl(), []string{"X23"}},
	{"refuses two lengths that are the same", fetchFaults{oneLength: true}.impl(), []string{"X23"}},
	{"believes the chunks and not the length", fetchFaults{bothWays: true}.impl(), []string{"X24"}},
	{"believes the length and not the chunks", fetchFaults{lengthWins: true}.impl(), []string{"X24"}},
	{"takes chunks in HTTP/1.0", fetchFaults{oldChunks: true}.impl(), []string{"X24"}},
	{"looks only at the end of a coding's name", fetchFaults{suffix: true}.impl(), []string{"X24"}},
	{"looks only at the first line of codings", fetchFaults{firstCoding: true}.impl(), []string{"X24"}},
	{"takes every coding for chunks", fetchFaults{anyCoding: true}.impl(), []string{"X24"}},
	{"knows \"chunked\" only in small letters", fetchFaults{smallLetters: true}.impl(), []string{"X25"}},
	{"reads the sizes of chunks as decimal numbers", fetchFaults{base: 10}.impl(), []string{"X05"}},
	{"takes sizes in any notation of Go's", fetchFaults{anyBase: true}.impl(), []string{"X18"}},
	{"takes a chunk's extensions for part of its size", fetchFaults{noExtensions: true}.impl(), []string{"X16"}},
	{"leaves the trailers for the next answer", fetchFaults{noTrailers: true}.impl(), []string{"X17", "X06"}},
	{"leaves the last empty line for the next answer", fetchFaults{noLast: true}.impl(), []string{"X03", "X05", "X25", "X16", "X17", "X19", "X06", "Q06", "Q04"}},
	{"counts the empty line among the hundred trailers", fetchFaults{counts: true}.impl(), []string{"X17"}},
	{"takes a size that it can't read for the last one", fetchFaults{badIsLast: true}.impl(), []string{"X18"}},
	{"doesn't check what follows a chunk", fetchFaults{noLook: true}.impl(), []string{"X20"}},
	{"leaves the line end after a chunk", fetchFaults{noLineEnd: true}.impl(), []string{"X03", "X05", "X25", "X16", "X17", "X19", "Q05", "Q06", "Q04"}},
	{"takes \\n for the end of a line", fetchFaults{bareLF: true}.impl(), []string{"X27"}},
	{"overlooks any number of \\r", fetchFaults{manyCR: true}.impl(), []string{"X27"}},
	{"takes the end of the stream for the last chunk", fetchFaults{endIsLast: true}.impl(), []string{"X19"}},
	{"reads lines without end", fetchFaults{endless: true}.impl(), []string{"X06"}},
	{"allocates whatever is announced", fetchFaults{noLimit: true}.impl(), []string{"Q05"}},
	{"reads a body without a length to its end, and cuts it off afterwards", fetchFaults{cutsRest: true}.impl(), []string{"Q05"}},
	{"reads all chunks, and cuts them off afterwards", fetchFaults{cutsChunks: true}.impl(), []string{"Q05"}},
	{"compares each chunk with the limit, not all of them", fetchFaults{eachChunk: true}.impl(), []string{"Q05"}},
	{"adds sizes up before it compares them with the limit", fetchFaults{overflows: true}.impl(), []string{"Q05"}},
	{"allows a byte more than the limit", fetchFaults{oneMore: true}.impl(), []string{"Q05"}},
	{"refuses the limit itself", fetchFaults{exclusive: true}.impl(), []string{"Q05", "Q06"}},
	{"takes a reset for the end", fetchFaults{resetIsEnd: true}.impl(), []string{"Q04"}},
	{"thinks that only an answer of code 200 has a body", fetchFaults{only200: true}.impl(), []string{"X02"}},
	{"looks only at the beginning of a coding's name", fetchFaults{prefix: true}.impl(), []string{"X24"}},
	{"takes an empty coding for none", fetchFaults{emptyIsNone: true}.impl(), []string{"X24"}},
	{"compares the first two lengths, not all", fetchFaults{twoLengths: true}.impl(), []string{"X23"}},
	{"compares the first length with the last one only", fetchFaults{lastLength: true}.impl(), []string{"X23"}},
	{"compares lengths as numbers", fetchFaults{numbers: true}.impl(), []string{"X23"}},
	{"takes the first of the lengths in one line", fetchFaults{listed: true}.impl(), []string{"X04"}},
	{"takes a size with a space before it", fetchFaults{spaced: true}.impl(), []string{"X18"}},
	{"keeps 32 bits of a size", fetchFaults{bits32: true}.impl(), []string{"Q05"}},
	{"says that something is missing where a size is wrong", fetchFaults{badIsShort: true}.impl(), []string{"X18"}},
	{"knows the last chunk by its \"0\" alone", fetchFaults{oneZero: true}.impl(), []string{"X05"}},
	{"reads a thousand trailers", fetchFaults{thousand: true}.impl(), []string{"X06"}},
	{"lets bufio.ErrBufferFull escape", fetchFaults{bufferFull: true}.impl(), []string{"X06"}},
	{"takes a reset between two chunks for a mistake in them", fetchFaults{resetIsBroken: true}.impl(), []string{"Q04"}},
	{"drops two bytes after a chunk, whatever they are", fetchFaults{dropsTwo: true}.impl(), []string{"X20", "X27"}},
	{"drops the body when a chunk is broken", fetchFaults{dropsBroken: true}.impl(), []string{"X18"}},
	{"returns nothing with ErrTooLong", fetchFaults{dropsLong: true}.impl(), []string{"Q05"}},
	{"reads a body that is announced to be too long before it refuses it", fetchFaults{readsLong: true}.impl(), []string{"Q05"}},
	{"takes an empty body without a length for a broken one", fetchFaults{emptyIsShort: true}.impl(), []string{"X22"}},
	{"returns a part of the reader's buffer", fetchFaults{peeks: true}.impl(), []string{"Q03"}},
	{"has one buffer for all bodies", fetchFaults{oneBuffer: true}.impl(), []string{"Q03"}},
	{"thinks that an answer of code 500 has no body", fetchFaults{no500: true}.impl(), []string{"X02"}},
	{"reads a body after 204 that has a length", fetchFaults{length204: true}.impl(), []string{"X21"}},
	{"reads chunks after 304", fetchFaults{chunks304: true}.impl(), []string{"X21"}},
	{"reads the digits of a length, and overlooks what follows them", fetchFaults{leading: true}.impl(), []string{"X04", "X23"}},
	{"overlooks what isn't a digit in a length", fetchFaults{digits: true}.impl(), []string{"X04", "X23"}},
	{"takes a limit of 0 for none", fetchFaults{zeroIsNone: true}.impl(), []string{"Q05"}},
	{"says io.EOF where a line between chunks breaks off", fetchFaults{lineEOF: true}.impl(), []string{"X19"}},
	{"drops an error among the trailers", fetchFaults{dropsTrailerError: true}.impl(), []string{"X19", "X06", "Q04"}},
	{"drops the body at an error among the trailers", fetchFaults{dropsAtTrailers: true}.impl(), []string{"X19", "Q04"}},
	{"drops the part of a chunk that breaks off", fetchFaults{dropsPiece: true}.impl(), []string{"X19", "Q04"}},
	{"takes a \\r in the middle of a line", fetchFaults{middleCR: true}.impl(), []string{"X27"}},
	{"looks at the length before the method", fetchFaults{lengthFirst: true}.impl(), []string{"X21"}},
	{"compares the length with the limit before it looks at the method", fetchFaults{limitFirst: true}.impl(), []string{"X21"}},
	{"looks at the codings before the method", fetchFaults{codingsFirst: true}.impl(), []string{"X21"}},
	{"thinks that an answer of code 302 has no body", fetchFaults{no302: true}.impl(), []string{"X02"}},
	{"refuses an empty body at a limit of 0", fetchFaults{zeroRefused: true}.impl(), []string{"Q06"}},
	{"adds one to the largest limit", fetchFaults{largest: true}.impl(), []string{"X22"}},
	{"reads a chunk before it compares it with the limit", fetchFaults{readsChunk: true}.impl(), []string{"Q05"}},
	{"takes a chunk only as large as the reader's buffer", fetchFaults{smallChunks: true}.impl(), []string{"X05"}},
	{"loses the errno", fetchFaults{noErrno: true}.impl(), []string{"Q04"}},
}

type fetchFaults struct {
	untilEnd, shortIsWhole, plainEOF, once, dropsData, bodyAlways, forgetsHead, forgets304, signs, badIsNone, firstLength bool
	oneLength, bothWays, lengthWins, oldChunks, suffix, firstCoding, anyCoding, smallLetters, anyBase, noExtensions       bool
	noTrailers, noLast, counts, badIsLast, noLook, noLineEnd, bareLF, manyCR, endIsLast, endless, noLimit, eachChunk      bool
	overflows, oneMore, exclusive, resetIsEnd, noErrno                                                                    bool

	only200, prefix, emptyIsNone, twoLengths, lastLength, numbers, listed, spaced, bits32, badIsShort, oneZero, thousand        bool
	bufferFull, resetIsBroken, dropsTwo, dropsBroken, dropsLong, readsLong, emptyIsShort, peeks, oneBuffer                      bool
	lineEOF, dropsTrailerError, dropsAtTrailers, dropsPiece, middleCR, no500, length204, chunks304, leading, digits, zeroIsNone bool
	cutsRest, cutsChunks, lengthFirst, limitFirst, codingsFirst, no302, zeroRefused, largest, readsChunk, smallChunks           bool

	base int // of the sizes of chunks; 0 is 16
}

func (f fetchFaults) impl() Impl { return Impl{ReadBody: f.readBody} }
