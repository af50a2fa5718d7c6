package programtest

import (
	"fmt"
	"os"
	"os/signal"
	"testing"

	"github.com/stretchr/testify/require"
)

// kept is a descriptor that the program forgets.
var kept *os.File

func TestMain(m *testing.M) {
	Main(m, func() {
		interrupts := make(chan os.Signal, 1)
		signal.Notify(interrupts, os.Interrupt)
		fmt.Println("listening on 127.0.0.1:1, with", os.Args[1:])
		<-interrupts
		signal.Stop(interrupts)
		switch os.Args[1] {
		case "-status":
			os.Exit(3)
		case "-leak":

			kept, _ = os.Open("/")
		}
	})
}

func TestProgram(t *testing.T) {
	for _, c := range []struct {
		name string
		arg  string
		want int
	}{
		{"it ends well", "-well", 0},
		{"with a status of its own", "-status", 3},
		{"with a descriptor left behind", "-leak", leaked},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Start(t, c.arg, "two words")
			require.Equal(t, "127.0.0.1:1", p.Address())
			require.Contains(t, p.Printed(), fmt.Sprintf("with [%s two words]", c.arg))
			require.Greater(t, p.Files(), 2)
			p.Interrupt()
			p.Ends(c.want)
		})
	}
}
