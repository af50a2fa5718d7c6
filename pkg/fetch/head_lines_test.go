package fetch

import (
	"math/rand"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The grammar of both kinds of lines, as RFC 9112 has it in sections 4 and 5.
var (
	statusLine = regexp.MustCompile(`^(HTTP/1\.[0-9]) (([1-9][0-9]{2})(?: ` + text + `)?)\r?\n$`)
	fieldLine  = regexp.MustCompile("^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:|[ \t])" + text + `\r?\n$`)
)

// TestLinesGoByTheGrammar compares with it: good lines, and what a few changes make of them.
func TestLinesGoByTheGrammar(t *testing.T) {
	good := []string{"HTTP/1.1 200 OK", "HTTP/1.0 404", "HTTP/1.9 999 a\tb ", "Host: h", "a:", " continued", "\tit", "X-Y: \xff\xc3\xa4"}
	bytes := []byte("\x00\t\n\r :/.019azAZHTP-_(\"\x7f\x80\xff")
	random := rand.New(rand.NewSource(1))
	accepted := map[bool]int{}
	for range 200_000 {
		line := []byte(good[random.Intn(len(good))])
		for range random.Intn(3) {
			at := random.Intn(len(line) + 1)
			switch c := bytes[random.Intn(len(bytes))]; {
			case at == len(line) || random.Intn(2) == 0:
				line = append(line[:at], append([]byte{c}, line[at:]...)...)
			case random.Intn(2) == 0:
				line[at] = c
			default:
				line = append(line[:at], line[at+1:]...)
			}
		}
		if i := strings.IndexByte(string(line), '\n'); i >= 0 {
			line = line[:i]
		}
		line = append(line, "\n"...)
		parts := statusLine.FindSubmatch(line)
		h, ok := statusOf(line)
		require.Equal(t, parts != nil, ok, "%q", line)
		if ok {
			require.Equal(t, Head{Proto: string(parts[1]), Status: strings.TrimRight(string(parts[2]), " "), Code: h.Code}, h)
			require.Contains(t, h.Status, string(parts[3]))
		}
		require.Equal(t, fieldLine.Match(line), isField(line), "%q", line)
		accepted[ok || isField(line)]++
	}
	require.Greater(t, min(accepted[true], accepted[false]), 10_000, "the comparison is worth something")
}
