package trace

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// short returns v as a short text for pictures: 4096 bytes "HTTP/1…". Of v's methods it
// calls only Error. The text is about 60 characters long at most.
func short(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case []byte:
		if len(v) == 1 {
			return "1 byte " + quote(string(v))
		}
		return strconv.Itoa(len(v)) + " bytes " + quote(string(v[:min(len(v), 64)]))
	case string:
		return quote(v)
	case error:
		return clip(fmt.Sprint(v))
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(r.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(r.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(r.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(r.Float(), 'g', 6, 64)
	}
	return clip(fmt.Sprintf("%T", v))
}

// quote returns the beginning of s as a Go string.
func quote(s string) string {
	const most = 16
	if utf8.RuneCountInString(s) <= most {
		return strconv.Quote(s)
	}
	return strconv.Quote(string([]rune(s)[:most])) + "…"
}

// clip cuts a text that is too long for a picture, and marks the cut.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return clip(fmt.Sprint(err)) // Sprint survives an Error method that panics
}

// errno returns an error's name as in the manual pages, "EAGAIN", or its text; "" for nil.
func errno(err error) string {
	if err == nil {
		return ""
	}
	var e unix.Errno
	if errors.As(err, &e) {
		if name := unix.ErrnoName(e); name != "" {
			return name
		}
	}
	return err.Error()
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }
