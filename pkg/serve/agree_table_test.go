package serve

// Requests, and what three servers make of them. agree_test.go asks them.

// agreement is a request, and what our answer is and what becomes of the connection:
// "200 open" or "400 closed".
type agreement struct {
	name, raw, ours string
	differs
}

// differs is what net/http and nginx do, where that is something else, and why we don't.
type differs struct{ netHTTP, nginx, why string }

var same differs

const (
	theHost = "Host: localhost\r\n"
	hidden  = "GET /hidden HTTP/1.1\r\n" + theHost + "\r\n"
)

// Why we differ.
const (
	whyDigits = "a version has one digit on each side"
	whyBlanks = "where a line is cut at blanks, two of us may cut it differently"
	whyEmpty  = "an empty Host is valid (RFC 9112, 3.2)"
	whyHost   = "it is no host of RFC 3986, 3.2.2"
	whyForm   = "it is none of the forms of RFC 9112, 3.2"
	whyLine   = "RFC 9112, 2.2, wants it ignored; net/http does so after a POST"
	whyCR     = "a CR that ends no line is invalid (RFC 9112, 2.2)"
	whyFolded = "RFC 9112, 5.2, has it refused or joined; joined, a folded length is another for each reader"
	whyBody   = "nginx's answer doesn't depend on the body"
	whyBoth   = "RFC 9112, 6.1, has the connection closed, or the request refused"
	whyOld    = "RFC 9112, 6.1, has the connection closed; net/http serves what is in the body"
	whyExpect = "RFC 9110, 10.1.1, allows 417 for each member of the list"
)

var agreements = []agreement{
	{"plain", "GET / HTTP/1.1\r\n" + theHost + "\r\n", "200 open", same},
	{"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "200 closed", same},
	{"HTTP/1.0, kept", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 open", same},
	{"HTTP/1.2", "GET / HTTP/1.2\r\n" + theHost + "\r\n", "200 open", same},
	{"HTTP/1.2 without Host", "GET / HTTP/1.2\r\n\r\n", "400 closed", same},
	{"HTTP/2.0", "GET / HTTP/2.0\r\n" + theHost + "\r\n", "505 closed", same},
	{"HTTP/0.9, by name", "GET / HTTP/0.9\r\n" + theHost + "\r\n", "505 closed", differs{"", "400 closed", "nginx calls it malformed"}},
	{"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 closed", differs{"200 closed", "400 closed", "net/http lets a handler take the connection over; ours can't; nginx hides that it knows the version"}},
	{"a version of two digits", "GET / HTTP/1.10\r\n" + theHost + "\r\n", "400 closed", differs{"", "200 open", whyDigits}},
	{"two spaces", "GET  / HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"", "200 open", whyBlanks}},
	{"a space behind the version", "GET / HTTP/1.1 \r\n" + theHost + "\r\n", "400 closed", differs{"", "200 open", whyBlanks}},
	{"a space ahead", " GET / HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"a tab for a space", "GET\t/ HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"a method that is no token", "G@T / HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"lines end with LF", "GET / HTTP/1.1\nHost: localhost\n\n", "200 open", same},

	{"no Host", "GET / HTTP/1.1\r\n\r\n", "400 closed", same},
	{"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "200 open", differs{"", "400 closed", whyEmpty}},
	{"an empty Host with a port", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", "200 open", differs{"", "400 closed", whyEmpty}},
	{"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400 closed", same},
	{"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", "400 closed", same},
	{"Host with a port", "GET / HTTP/1.1\r\nHost: localhost:80\r\n\r\n", "200 open", same},
	{"Host with an empty port", "GET / HTTP/1.1\r\nHost: localhost:\r\n\r\n", "200 open", same},
	{"Host with a port in letters", "GET / HTTP/1.1\r\nHost: localhost:http\r\n\r\n", "400 closed", differs{"200 open", "200 open", whyHost}},
	{"Host with two ports", "GET / HTTP/1.1\r\nHost: localhost:80:80\r\n\r\n", "400 closed", differs{"200 open", "200 open", whyHost}},
	{"Host with an underscore", "GET / HTTP/1.1\r\nHost: a_b.test\r\n\r\n", "200 open", same},
	{"Host in percents", "GET / HTTP/1.1\r\nHost: a%20b\r\n\r\n", "200 open", same},
	{"Host with a percent sign alone", "GET / HTTP/1.1\r\nHost: a%2\r\n\r\n", "400 closed", differs{"200 open", "200 open", whyHost}},
	{"Host of IPv6", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "200 open", same},
	{"Host of IPv6 with a zone", "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n", "400 closed", differs{"200 open", "200 open", whyHost}},
	{"Host of IPv6 without its end", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "400 closed", differs{"200 open", "200 open", whyHost}},
	{"Host of IPv6 without brackets", "GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", "400 closed", differs{"200 open", "", whyHost}},
	{"Host of IPv4 in brackets", "GET / HTTP/1.1\r\nHost: [127.0.0.1]\r\n\r\n", "400 closed", differs{"200 open", "200 open", whyHost}},
	{"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 closed", same},
	{"Host with a slash", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400 closed", same},
	{"Host with a user", "GET / HTTP/1.1\r\nHost: u@localhost\r\n\r\n", "400 closed", differs{"", "200 open", whyHost}},
	{"Host with bytes above ASCII", "GET / HTTP/1.1\r\nHost: b\xfccher\r\n\r\n", "400 closed", differs{"", "200 open", whyHost}},
	{"Host with a space in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "400 closed", same},
	{"Host with a comma", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", "200 open", same},
	{"Host within quotes", "GET / HTTP/1.1\r\nHost: \"a\"\r\n\r\n", "400 closed", differs{"", "200 open", whyHost}},

	{"a whole URL", "GET http://localhost/ HTTP/1.1\r\nHost: other\r\n\r\n", "200 open", same},
	{"a whole URL without a path", "GET http://localhost HTTP/1.1\r\n" + theHost + "\r\n", "200 open", same},
	{"a whole URL with a query alone", "GET http://localhost?a/b HTTP/1.1\r\n" + theHost + "\r\n", "200 open", same},
	{"a whole URL without Host", "GET http://localhost/ HTTP/1.1\r\n\r\n", "400 closed", same},
	{"a whole URL without Host in HTTP/1.0", "GET http://localhost/ HTTP/1.0\r\n\r\n", "200 closed", same},
	{"a whole URL, and two Hosts", "GET http://localhost/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 closed", same},
	{"a whole URL, and a bad Host", "GET http://localhost/ HTTP/1.1\r\nHost: a b\r\n\r\n", "400 closed", same},
	{"a whole URL of nobody", "GET http:///a HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "", whyForm}},
	{"a whole URL of nobody at a port", "GET http://:80/a HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "", whyForm}},
	{"a whole URL with a user", "GET http://u@localhost/ HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "", "a user in a URL only misleads (RFC 9110, 4.2.4)"}},
	{"a whole URL in capitals", "GET HTTP://LOCALHOST/ HTTP/1.1\r\n" + theHost + "\r\n", "200 open", same},
	{"a whole URL of https, which somebody else may have unwrapped", "GET https://localhost/ HTTP/1.1\r\n" + theHost + "\r\n", "200 open", same},
	{"a URL of another scheme", "GET ftp://localhost/ HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "200 open", whyForm}},
	{"a URL without slashes", "GET http:localhost HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "", whyForm}},
	{"a path without its slash", "GET a HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"a query alone", "GET ?a HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"a fragment", "GET /a#b HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "200 open", whyForm}},
	{"a path of bytes above ASCII", "GET /\xc3\xa4 HTTP/1.1\r\n" + theHost + "\r\n", "200 open", same},
	{"a path with a control character", "GET /\x01 HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"a percent sign alone", "GET /% HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"two slashes", "GET //a HTTP/1.1\r\n" + theHost + "\r\n", "200 open", same},
	{"a star to OPTIONS", "OPTIONS * HTTP/1.1\r\n" + theHost + "\r\n", "200 open", differs{"", "400 closed", "RFC 9112, 3.2.4, has it; nginx doesn't"}},
	{"a star to GET", "GET * HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "", whyForm}},
	{"an authority to CONNECT", "CONNECT localhost:80 HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "", "we are no tunnel; net/http lets a handler be one"}},
	{"an authority to GET", "GET localhost:80 HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"200 open", "", whyForm}},

	{"an empty line ahead", "\r\nGET / HTTP/1.1\r\n" + theHost + "\r\n", "200 open", differs{"400 closed", "", whyLine}},
	{"an empty line ahead, of LF", "\nGET / HTTP/1.1\r\n" + theHost + "\r\n", "200 open", differs{"400 closed", "", whyLine}},
	{"an empty line behind a body", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: 1\r\n\r\nx\r\n", "200 open", same},
	{"a CR ahead", "\rGET / HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"", "200 open", whyCR}},
	{"two CRs and a LF ahead", "\r\r\nGET / HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", differs{"", "200 open", whyCR}},
	{"a CR in the request line", "GET /\r HTTP/1.1\r\n" + theHost + "\r\n", "400 closed", same},
	{"a CR behind the version", "GET / HTTP/1.1\r\r\n" + theHost + "\r\n", "400 closed", same},
	{"a CR in a value", "GET / HTTP/1.1\r\n" + theHost + "A: b\rc\r\n\r\n", "400 closed", same},
	{"a CR behind a value", "GET / HTTP/1.1\r\n" + theHost + "A: b\r\r\n\r\n", "400 closed", differs{"", "200 open", whyCR}},
	{"a CR ahead of a value", "GET / HTTP/1.1\r\n" + theHost + "A:\rb\r\n\r\n", "400 closed", same},
	{"a CR in the empty line", "GET / HTTP/1.1\r\n" + theHost + "\r\r\n\r\n", "400 closed", same},
	{"a NUL in a value", "GET / HTTP/1.1\r\n" + theHost + "A: b\x00c\r\n\r\n", "400 closed", same},
	{"bytes above ASCII in a value", "GET / HTTP/1.1\r\n" + theHost + "A: \xff\r\n\r\n", "200 open", same},
	{"a line that continues", "GET / HTTP/1.1\r\n" + theHost + "A: b\r\n c\r\n\r\n", "400 closed", differs{"200 open", "", whyFolded}},
	{"a Host that continues", "GET / HTTP/1.1\r\nHost: local\r\n host\r\n\r\n", "400 closed", same},
	{"a line of spaces", "GET / HTTP/1.1\r\n" + theHost + "  \r\n\r\n", "400 closed", same},
	{"a line of spaces ahead of the header", "GET / HTTP/1.1\r\n \r\n" + theHost + "\r\n", "400 closed", same},
	{"a space ahead of a colon", "GET / HTTP/1.1\r\n" + theHost + "A : b\r\n\r\n", "400 closed", same},
	{"a tab ahead of a colon", "GET / HTTP/1.1\r\n" + theHost + "A\t: b\r\n\r\n", "400 closed", same},
	{"no colon", "GET / HTTP/1.1\r\n" + theHost + "A\r\n\r\n", "400 closed", differs{"", "200 open", "nginx ignores the line"}},
	{"no name", "GET / HTTP/1.1\r\n" + theHost + ": b\r\n\r\n", "400 closed", same},

	{"a length", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: 5\r\n\r\nhello", "200 open", same},
	{"a length twice", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "200 open", differs{"", "400 closed", "the same length twice is one (RFC 9112, 6.3)"}},
	{"two lengths", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "400 closed", same},
	{"two lengths in a line", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: 5, 5\r\n\r\nhello", "400 closed", same},
	{"a length with a sign", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: +5\r\n\r\nhello", "400 closed", same},
	{"an empty length", "POST / HTTP/1.1\r\n" + theHost + "Content-Length:\r\n\r\n", "400 closed", same},
	{"a length in HTTP/1.0, kept", "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", "200 open", same},
	{"chunks", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "200 open", same},
	{"chunks in capitals", "POST / HTTP/1.1\r\n" + theHost + "TRANSFER-ENCODING: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "200 open", same},
	{"chunks with a trailer", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n", "200 open", same},
	{"chunks, asked ahead", "POST / HTTP/1.1\r\n" + theHost + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "200 open", same},
	{"chunks that are none", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked\r\n\r\nx\r\n\r\n", "200 closed", differs{"", "400 closed", whyBody}},
	{"a chunk that is too short", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked\r\n\r\n5\r\nhell\r\n0\r\n\r\n", "200 closed", differs{"", "200 open", whyBody}},
	{"chunk lines that end with LF", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n", "200 closed", differs{"", "200 open", whyBody}},
	{"a trailer that is none", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked\r\n\r\n0\r\nA\r\n\r\n", "200 closed", differs{"", "200 open", whyBody}},
	{"chunks beside a length", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "200 closed", differs{"200 open", "400 closed", whyBoth}},
	{"chunks beside a length that is none", "POST / HTTP/1.1\r\n" + theHost + "Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 closed", same},
	{"chunks in HTTP/1.0, kept", "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + hidden, "200 closed", differs{"200 200 200", "400 closed", whyOld}},
	{"chunks beside a length in HTTP/1.0, kept", "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + hidden, "200 closed", differs{"200 200 200", "400 closed", whyOld}},
	{"an unknown coding in HTTP/1.0, kept", "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: gzip\r\n\r\n" + hidden, "200 closed", differs{"200 200 200", "400 closed", whyOld}},
	{"an unknown coding", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: gzip\r\n\r\n", "501 closed", same},
	{"an unknown coding ahead of chunks", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501 closed", same},
	{"an unknown coding behind chunks", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", "501 closed", same},
	{"chunked twice", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "501 closed", differs{"", "400 closed", "nginx calls it malformed"}},
	{"identity", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: identity\r\n\r\n", "501 closed", same},
	{"a coding without a name", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding:\r\n\r\n", "501 closed", same},
	{"chunked with another blank", "POST / HTTP/1.1\r\n" + theHost + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", "501 closed", differs{"400 closed", "", "net/http judges the value's bytes first"}},
	{"an empty expectation", "GET / HTTP/1.1\r\n" + theHost + "Expect:\r\n\r\n", "200 open", same},
	{"an expectation in capitals", "POST / HTTP/1.1\r\n" + theHost + "Expect: 100-CONTINUE\r\nContent-Length: 2\r\n\r\nhi", "200 open", same},
	{"an unknown expectation", "GET / HTTP/1.1\r\n" + theHost + "Expect: wonders\r\n\r\n", "417 closed", differs{"", "200 open", whyExpect}},
	{"an unknown expectation behind a known one", "GET / HTTP/1.1\r\n" + theHost + "Expect: 100-continue\r\nExpect: wonders\r\n\r\n", "417 closed", differs{"200 open", "400 closed", whyExpect}},
}
