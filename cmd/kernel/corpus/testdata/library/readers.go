package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

type slow struct{ s string }

func (s *slow) Read(p []byte) (int, error) {
	if s.s == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], s.s)
	s.s = s.s[n:]
	return n, nil
}

type upper struct{ w io.Writer }

func (u *upper) Write(p []byte) (int, error) { return u.w.Write(bytes.ToUpper(p)) }

func main() {
	data, err := io.ReadAll(&slow{"hello world"})
	fmt.Println(string(data), err)
	sc := bufio.NewScanner(&slow{"one two\nthree\n\nfour"})
	for sc.Scan() {
		fmt.Printf("%q\n", sc.Text())
	}
	fmt.Println(sc.Err())
	var buf bytes.Buffer
	n, err := io.Copy(&buf, io.LimitReader(&slow{"abcdefgh"}, 5))
	fmt.Println(n, err, buf.String())
	w := &upper{&buf}
	fmt.Fprintf(w, " %s %d", "x", 5)
	io.WriteString(w, "yz")
	fmt.Println(buf.String())
	tr := io.TeeReader(strings.NewReader("tee"), &buf)
	io.ReadAll(tr)
	fmt.Println(buf.String())
	_, err = io.ReadFull(&slow{"ab"}, make([]byte, 4))
	fmt.Println(err, errors.Is(err, io.ErrUnexpectedEOF))
	mr := io.MultiReader(&slow{"a"}, &slow{"b"})
	x, _ := io.ReadAll(mr)
	fmt.Println(string(x))
	pr, pw := io.Pipe()
	go func() { fmt.Fprint(pw, "piped"); pw.Close() }()
	y, _ := io.ReadAll(pr)
	fmt.Println(string(y))
}
