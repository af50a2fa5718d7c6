package main

import (
	"errors"
	"fmt"
	"strconv"
)

func main() {
	n, err := strconv.Atoi("42")
	fmt.Println(n+1, err)
	_, err = strconv.Atoi("4x")
	fmt.Println(err)
	var numErr *strconv.NumError
	fmt.Println(errors.As(err, &numErr), numErr.Func, numErr.Num, errors.Is(err, strconv.ErrSyntax))
	f, _ := strconv.ParseFloat("2.50", 64)
	b, _ := strconv.ParseBool("true")
	h, _ := strconv.ParseInt("ff", 16, 64)
	fmt.Println(f, b, h, strconv.Quote("a\"b"), strconv.FormatInt(10, 2), strconv.Itoa(7)+"7")
}
