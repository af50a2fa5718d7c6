package notebook

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAccessible(t *testing.T) {
	cases := []struct{ name, prose, want string }{ // want: a part of the one line; none: all is right
		{"a table with names", "| call | answer |\n|---|---|\n| read | EAGAIN |", ""},
		{"rows have names, so their column needs none", "| | answer |\n|:--|--:|\n| read | EAGAIN |", ""},
		{"a column without a name", "| call | |\n|---|---|\n| read | EAGAIN |", "column 2"},
		{"a table without bars at its sides", "call | \n---|---\nread | EAGAIN", ""},
		{"a rule is not a table", "a | b\n\n---\n", ""},
		{"a table of HTML", "<table><tr><td>1</td></tr></table>", "no <th>"},
		{"a table of HTML with heads", "<table><tr><th scope='col'>n</th></tr><tr><td>1</td></tr></table>", ""},
		{"a table of HTML with an empty head", "<table><tr><th></th></tr></table>", "no <th>"},
		{"a table in a fenced block", "```\n| call | |\n|---|---|\n```", ""},
		{"a link with words", "see [lesson 09](09-send.ipynb)", ""},
		{"a link that says here", "it is [here](09-send.ipynb)", `the link "here" to 09-send.ipynb`},
		{"a link that says here, in bold", "it is [**Here**.](09-send.ipynb)", "doesn't say where"},
		{"a link without words", "[](09-send.ipynb)", `the link ""`},
		{"a link that is its address", "[https://go.dev](https://go.dev)", "doesn't say where"},
		{"an address alone", "see https://go.dev for more", "has no link text"},
		{"an address in brackets", "see <https://go.dev>", "has no link text"},
		{"a link by reference", "see [this][1]\n\n", `the link "this" to 1`},
		{"an a without words", "<a href='x'>click <b>here</b></a>", "doesn't say where"},
		{"an a with words", "<a href='https://go.dev'>Go's site</a>", ""},
		{"a picture is not a link", "![the loop sleeps](x.svg)", ""},
		{"a link in code", "`[here](x)`", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := Lint(sample(prose("a", "# Send\n\n"+c.prose)))
			if c.want == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Contains(t, found[0], c.want)
		})
	}
}
