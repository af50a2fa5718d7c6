package fetch_test

// What servers say, and what comes of it.

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
)

const inChunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

// answers are what a server may say: the body that is right, or the error.
var answers = []struct {
	name, answer string
	body         string
	err          error // nil: the body; errAny: any
}{
	{"HTTP_1.0_ends_where_the_server_closes", "HTTP/1.0 200 OK\r\n\r\nall of it", "all of it", nil},
	{"X01_the_body_is_too_short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "", io.ErrUnexpectedEOF},
	{"X02_surplus_is_nobodys", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234567", "12345", nil},
	{"X02_surplus_behind_chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nmore", "a", nil},
	{"X04_negative_length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n12345", "", errAny},
	{"X04_huge_length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n12345", "", errAny},
	{"X04_huge_length_allocates_nothing", "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n12345", "", fetch.ErrTooLong},
	{"X04_a_length_with_a_sign", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n12345", "", fetch.ErrFraming},
	{"X04_a_space_before_the_colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n12345", "", fetch.ErrFraming},
	{"X04_the_same_length_twice", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n12345", "12345", nil},
	{"X04_two_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\n12345", "", fetch.ErrFraming},
	{"X04_a_length_and_chunks", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X04_chunks_in_HTTP_1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X04_a_coding_that_nobody_knows", "HTTP/1.1 200 OK\r\nTransfer-Encoding: zebra\r\n\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X04_chunks_twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X05_the_trailers_have_no_end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + strings.Repeat("A: b\r\n", 100_000), "", fetch.ErrHeadTooLong},
	{"X05_the_trailers_are_cut_off", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nT: x", "", io.ErrUnexpectedEOF},
	{"X05_chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n1\r\nd\r\n0\r\nT: x\r\n\r\n", "abcd", nil},
	{"X05_no_last_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "", io.ErrUnexpectedEOF},
	{"X05_a_bad_size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", "", errAny},
	{"X05_a_size_that_overflows", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc", "", errAny},
	{"X05_one_byte_chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1\r\nx\r\n", 5000) + "0\r\n\r\n", strings.Repeat("x", 5000), nil},
	{"X06_the_head_does_not_end", "HTTP/1.1 200 OK\r\nA: b\r\n", "", io.ErrUnexpectedEOF},
	{"X06_a_line_of_64_KB", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("b", 64<<10) + "\r\nContent-Length: 1\r\n\r\nx", "x", nil},
	{"X06_a_flood_of_header_lines", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 100_000), "", fetch.ErrHeadTooLong},
	{"X06_a_line_without_end", "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("b", 1<<20), "", fetch.ErrHeadTooLong},
	{"X07_some_1xx", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100) + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x", nil},
	{"X07_endless_1xx", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100_000), "", fetch.ErrHeadTooLong},
	{"X07_another_protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "", fetch.ErrNotHTTP},
	{"X08_garbage", "this is no HTTP at all\r\n\r\n", "", fetch.ErrNotHTTP},
	{"X08_HTTP_0.9", "<html>", "", fetch.ErrNotHTTP},
	{"X08_TLS", "\x16\x03\x01\x02\x00\x01\x00", "", fetch.ErrNotHTTP},
	{"X08_no_answer", "", "", fetch.ErrNoAnswer},
	{"B07_a_status_below_zero", "HTTP/1.1 -20 What\r\n\r\n", "", errAny},
	{"B07_a_status_of_many_digits", "HTTP/1.1 99999999999 What\r\n\r\n", "", errAny},
	{"B07_no_reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "x", nil},
	{"no_content_has_no_body", "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", "", nil},
	{"a_reason_beyond_ASCII", "HTTP/1.1 200 Gr\u00fc\u00dfe\tan \xff\r\nContent-Length: 1\r\n\r\nx", "x", nil},
	{"B07_an_empty_reason", "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", "x", nil},
	{"B07_a_NUL_in_the_reason", "HTTP/1.1 200 O\x00K\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_an_escape_in_the_reason", "HTTP/1.1 200 \x1b[2J\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_a_DEL_in_the_reason", "HTTP/1.1 200 \x7f\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"X26_a_DEL_in_a_value", "HTTP/1.1 200 OK\r\nA: \x7f\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrFraming},
	{"B07_a_bare_CR_in_the_reason", "HTTP/1.1 200 O\rK\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_the_status_000", "HTTP/1.1 000 What\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_the_status_099", "HTTP/1.1 099 What\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_the_status_+20", "HTTP/1.1 +20 What\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_a_status_of_two_digits", "HTTP/1.1 20 What\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_a_status_that_runs_into_the_reason", "HTTP/1.1 2000K\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"B07_the_status_999", "HTTP/1.1 999 What\r\nContent-Length: 1\r\n\r\nx", "x", nil},
	{"X25_HTTP_1.2_counts_as_1.1", "HTTP/1.2 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "a", nil},
	{"X25_HTTP_1.9_has_lengths", "HTTP/1.9 200 OK\r\nContent-Length: 1\r\n\r\nx", "x", nil},
	{"X25_HTTP_2.0", "HTTP/2.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"X25_HTTP_2", "HTTP/2 200 OK\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"X25_HTTP_0.9_by_name", "HTTP/0.9 200 OK\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"X25_HTTP_1.10", "HTTP/1.10 200 OK\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"X25_HTTP_1", "HTTP/1 200 OK\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"X25_an_interim_answer_of_HTTP_2", "HTTP/2.0 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrNotHTTP},
	{"X26_a_header_line_without_a_colon", "HTTP/1.1 200 OK\r\nA b\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrFraming},
	{"X26_a_header_line_without_a_name", "HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrFraming},
	{"X26_a_NUL_in_a_value", "HTTP/1.1 200 OK\r\nA: \x00\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrFraming},
	{"X26_a_bare_CR_in_a_value", "HTTP/1.1 200 OK\r\nA: b\rC: d\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrFraming},
	{"X26_two_CR_are_no_empty_line", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\r\n\r\nx", "", fetch.ErrFraming},
	{"X26_a_first_line_that_continues_nothing", "HTTP/1.1 200 OK\r\n A: b\r\nContent-Length: 1\r\n\r\nx", "", fetch.ErrFraming},
	{"X26_a_line_that_continues_another", "HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\nContent-Length:\r\n 1\r\n\r\nx", "x", nil},
	{"X26_lines_that_end_in_LF_alone", "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", "x", nil},
	{"X17_trailers", inChunks + "2\r\nab\r\n0\r\nA: b\r\n c\r\nD: e\r\n\r\n", "ab", nil},
	{"X17_a_trailer_without_a_colon", inChunks + "2\r\nab\r\n0\r\nA b\r\n\r\n", "", fetch.ErrFraming},
	{"X17_a_trailer_with_a_NUL", inChunks + "2\r\nab\r\n0\r\nA: \x00\r\n\r\n", "", fetch.ErrFraming},
	{"X17_a_trailer_with_a_space_before_its_colon", inChunks + "2\r\nab\r\n0\r\nA : b\r\n\r\n", "", fetch.ErrFraming},
	{"X17_an_answer_instead_of_trailers", inChunks + "2\r\nab\r\n0\r\nHTTP/1.1 200 OK\r\n\r\n", "", fetch.ErrFraming},
	{"X17_two_CR_behind_the_last_chunk", inChunks + "2\r\nab\r\n0\r\n\r\r\n", "", fetch.ErrFraming},
	{"X16_spaces_behind_a_size", inChunks + "2 \t\r\nab\r\n0  \r\n\r\n", "ab", nil},
	{"X16_spaces_before_an_extension", inChunks + "2 \t;x=y\r\nab\r\n0 ; z\r\n\r\n", "ab", nil},
	{"X16_an_extension_of_4_KB", inChunks + "2;" + strings.Repeat("x", 4<<10) + "\r\nab\r\n0\r\n\r\n", "", fetch.ErrHeadTooLong},
	{"X16_extensions_without_end", inChunks + "" + strings.Repeat("1;"+strings.Repeat("x", 50)+"\r\na\r\n", 1000) + "0\r\n\r\n", "", fetch.ErrHeadTooLong},
	{"X16_extensions_beside_data", inChunks + "" + strings.Repeat("32;"+strings.Repeat("x", 50)+"\r\n"+strings.Repeat("a", 50)+"\r\n", 1000) + "0\r\n\r\n", strings.Repeat("a", 50_000), nil},
	{"X16_a_NUL_in_an_extension", inChunks + "2;\x00\r\nab\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X18_a_space_before_a_size", inChunks + " 2\r\nab\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X18_a_space_within_a_size", inChunks + "0 2\r\nab\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X18_a_size_that_ends_in_LF_alone", inChunks + "2\nab\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X18_a_bare_CR_behind_a_size", inChunks + "2\r;x\r\nab\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X18_a_size_with_0x", inChunks + "0x2\r\nab\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X18_the_largest_size", inChunks + "7fffffffffffffff\r\nab", "", io.ErrUnexpectedEOF},
	{"X18_one_more_than_the_largest_size", inChunks + "8000000000000000\r\nab", "", fetch.ErrFraming},
	{"X18_a_size_of_17_digits", inChunks + "00000000000000002\r\nab\r\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X16_data_is_no_credit_for_an_extension", inChunks + "1f40\r\n" + strings.Repeat("a", 8000) + "\r\n1;" + strings.Repeat("x", 5000) + "\r\na\r\n0\r\n\r\n", "", fetch.ErrHeadTooLong},
	{"X18_zeros_before_a_size", inChunks + "0000000000000002\r\nab\r\n00\r\n\r\n", "ab", nil},
	{"X20_a_chunk_that_ends_in_LF_alone", inChunks + "2\r\nab\n0\r\n\r\n", "", fetch.ErrFraming},
	{"X24_identity", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: identity\r\n\r\nx", "", fetch.ErrFraming},
	{"X24_gzip_and_chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "", fetch.ErrFraming},
}

func TestAnswers(t *testing.T) {
	for _, test := range answers {
		t.Run(test.name, func(t *testing.T) {
			server := faulty.HTTP(test.answer)
			defer server.Close()
			response, err := get(t, server.URL()+"x?y")
			if test.err == nil {
				require.NoError(t, err)
				assert.Equal(t, test.body, string(response.Body))
				return
			}
			require.Error(t, err)
			assert.ErrorContains(t, err, "fetch "+server.URL()+"x?y: ")
			assert.Nil(t, response)
			if test.err != errAny {
				assert.ErrorIs(t, err, test.err)
			}
		})
	}
	t.Run("X03_the_connection_stays_open", func(t *testing.T) {
		server := faulty.HTTPKeepAlive("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345")
		defer server.Close()
		response, err := get(t, server.URL())
		require.NoError(t, err)
		assert.Equal(t, "12345", string(response.Body))
	})
	t.Run("X05_X06_a_byte_at_a_time", func(t *testing.T) {
		server := faulty.Drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 0)
		defer server.Close()
		response, err := get(t, "http://"+server.Addr())
		require.NoError(t, err)
		assert.Equal(t, "abc", string(response.Body))
	})
}

// TestSurplus: bytes behind an answer are nobody's, whether they come with it or
// after it.
func TestSurplus(t *testing.T) {
	for _, raw := range []string{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345", inChunks + "5\r\n12345\r\n0\r\n\r\n"} {
		for name, server := range map[string]*faulty.Server{
			"in_the_same_packet": faulty.HTTP(raw + "more"), "byte_by_byte": faulty.Drip(raw+"more", 0), "none": faulty.HTTP(raw),
			"in_the_same_packet_and_the_connection_stays": faulty.HTTPKeepAlive(raw + "more"), "none_and_the_connection_stays": faulty.HTTPKeepAlive(raw),
		} {
			t.Run(name, func(t *testing.T) {
				defer server.Close()
				response, err := get(t, "http://"+server.Addr())
				require.NoError(t, err)
				assert.Equal(t, "12345", string(response.Body))
			})
		}
	}
}

// TestReasons: what an answer was refused for, in words.
func TestReasons(t *testing.T) {
	for says, answer := range map[string]string{
		`the transfer coding "identity"`:              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: identity\r\n\r\nx",
		"a length and chunks":                         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
		"chunks in HTTP/1.0":                          "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx",
		`the status line begins with "HTTP/2.0 200`:   "HTTP/2.0 200 OK\r\n\r\n",
		`the status line begins with "HTTP/1.1 099`:   "HTTP/1.1 099 OK\r\n\r\n",
		`a header line begins with "no colon`:         "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
		`behind the last chunk: a header line begins`: inChunks + "0\r\nno colon\r\n\r\n",
		`the size of a chunk: "xyz`:                   inChunks + "xyz\r\n",
		`"he" where a chunk should end`:               inChunks + "1\r\nxhello",
		`it begins with "<html>`:                      "<html>",
	} {
		t.Run(says, func(t *testing.T) {
			_, err := get(t, oneAnswer(t, answer).URL())
			require.ErrorContains(t, err, says)
		})
	}
}

// oneAnswer is a server that gives raw to everybody, and ends with the test.
func oneAnswer(t *testing.T, raw string) *faulty.Server {
	server := faulty.HTTP(raw)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	return server
}
