package lesson

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/trial"
)

// A report says how much of the question an ask that waits has sent.
func TestAnAskThatWaitsInVain(t *testing.T) {
	hurry(t)
	half := Impl{Ask: func(address string, question []byte) ([]byte, error) {
		return stages.Ask(address, question[:len(question)/2])
	}}
	before := len(unconnected())
	err := failure(t, Blocking, half)
	require.ErrorIs(t, err, trial.ErrWaits)
	assert.ErrorContains(t, err, "the server has got 9 of the 18 bytes of the question")
	assert.Len(t, unconnected(), before)
}

// A poll that waits is ended, and the report says so: it isn't judged by what it
// reads once the peers are gone.
func TestAPollThatWaits(t *testing.T) {
	hurry(t)
	spins := Impl{Poll: func(talks []*stages.Talk) {
		for len(talks[0].Data) == 0 && !talks[0].Over {
			stages.Poll(talks)
		}
	}}
	silent := Nonblocking
	silent.Cases = silent.Cases[1:]
	err := failure(t, silent, spins)
	require.ErrorIs(t, err, trial.ErrWaits)
	assert.ErrorContains(t, err, "want it to return at once")
}

func TestWhoseSocketsTheyAre(t *testing.T) {
	peer, other := faulty.Sink(), faulty.Sink()
	defer peer.Close()
	defer other.Close()
	fd, err := connected(peer.Addr())
	require.NoError(t, err)
	stranger, err := connected(other.Addr())
	require.NoError(t, err)
	alone, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	defer unix.Close(alone)
	defer unix.Close(stranger)
	require.NoError(t, peer.WaitAccepted(1, limit))

	assert.Equal(t, []int{fd}, connectedTo(peer.Addr()))
	assert.Contains(t, unconnected(), alone)
	assert.NotContains(t, unconnected(), fd)
	require.NoError(t, unix.Close(fd))
	assert.Empty(t, connectedTo(peer.Addr()))
	assert.Empty(t, connectedTo("nowhere"))
}

// A listener has no peer either, but it is not a leftover.
func TestAListenerIsNotUnconnected(t *testing.T) {
	_, sa, err := sock.Sockaddr("127.0.0.1:0")
	require.NoError(t, err)
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	defer unix.Close(fd)
	require.NoError(t, unix.Bind(fd, sa))
	require.NoError(t, unix.Listen(fd, 1))
	assert.NotContains(t, unconnected(), fd)
}
