package lesson

// WRONG ON PURPOSE, each in one way; package selector is right.
var wrongSelectors = []Wrong{
	{"reports readable and writable one by one", pollerFaults{apart: true}.impl(), []string{"S02", "S08"}},
	{"forgets what was registered with a descriptor", pollerFaults{noData: true}.impl(), []string{"S01", "S02", "S03", "S04", "S06", "S08", "S11", "S16", "S17", "S29", "S24", "S32"}},
	{"replaces an existing registration", pollerFaults{replaces: true}.impl(), []string{"S03"}},
	{"accepts any interest", pollerFaults{anyInterest: true}.impl(), []string{"S04"}},
	{"notes a registration before the kernel has accepted it", pollerFaults{tableFirst: true}.impl(), []string{"S05", "S28"}},
	{"unregisters only in its own table", pollerFaults{tableOnly: true}.impl(), []string{"S06"}},
	{"adds to the interest where it should replace it", pollerFaults{adds: true}.impl(), []string{"S08", "S16", "S17"}},
	{"keeps the old data when it modifies to none", pollerFaults{noneIsOld: true}.impl(), []string{"S08"}},
	{"keeps the old data when it modifies", pollerFaults{oldData: true}.impl(), []string{"S08"}},
	{"fails to unregister a descriptor that was closed first", pollerFaults{insists: true}.impl(), []string{"S11"}},
	{"overlooks hang-ups and errors", pollerFaults{noHangUp: true}.impl(), []string{"S16", "S17"}},
	{"reports what nobody asked for", pollerFaults{unasked: true}.impl(), []string{"S16", "S17"}},
	{"takes \"no limit\" for \"no time\"", pollerFaults{noLimitIsZero: true}.impl(), []string{"S01"}},
	{"takes \"no time\" for \"no limit\"", pollerFaults{zeroIsNoLimit: true}.impl(), []string{"S20"}},
	{"rounds its time down", pollerFaults{roundsDown: true}.impl(), []string{"S21"}},
	{"gives up at a signal", pollerFaults{givesUp: true}.impl(), []string{"S23"}},
	{"returns at a signal", pollerFaults{comesBack: true}.impl(), []string{"S23"}},
	{"starts over at a signal", pollerFaults{startsOver: true}.impl(), []string{"S23"}},
	{"reports changes, not states", pollerFaults{edge: true}.impl(), []string{"S29"}},
	{"leaves its own descriptor open", pollerFaults{noClose: true}.impl(), []string{"S28"}},
	{"asks again and again instead of sleeping", pollerFaults{asks: true}.impl(), []string{"L13"}},
	{"reports only the first that is ready", pollerFaults{first: true}.impl(), []string{"S24"}},
	{"keeps the tables of all selectors together", pollerFaults{shared: true}.impl(), []string{"S32"}},
	{"watches for reading alone", pollerFaults{onlyRead: true}.impl(), []string{"S02", "S04", "S08"}},
	{"takes everything for readable", pollerFaults{allRead: true}.impl(), []string{"S02", "S04", "S08", "S16", "S17"}},
	{"unregisters only with the kernel", pollerFaults{kernelOnly: true}.impl(), []string{"S06", "S11"}},
	{"registers what it should modify", pollerFaults{modifies: true}.impl(), []string{"S06"}},
	{"modifies only its own table", pollerFaults{modifiesTable: true}.impl(), []string{"S08"}},
	{"overlooks what the kernel refuses", pollerFaults{noError: true}.impl(), []string{"S04", "S05", "S28"}},
	{"returns an error when the time is over", pollerFaults{late: true}.impl(), []string{"S01", "S06", "S16", "S20", "S21", "L13", "S23", "S29", "S32"}},
	{"wakes for a hang-up, and not for an error", pollerFaults{noErr: true}.impl(), []string{"S16"}},
	{"wakes for an error, and not for a hang-up", pollerFaults{noHup: true}.impl(), []string{"S17"}},
	{"reports nothing of what it wakes for", pollerFaults{blind: true}.impl(), []string{"S01", "S02", "S03", "S04", "S06", "S08", "S11", "S16", "S17", "S29", "S24", "S32", "S28"}},
	{"says nothing when it is closed", pollerFaults{silent: true}.impl(), []string{"S28"}},
	{"closes its number twice", pollerFaults{closesTwice: true}.impl(), []string{"S28"}},
}

type pollerFaults struct {
	apart, noData, replaces, anyInterest, tableFirst, tableOnly, adds, oldData, noneIsOld, insists, noHangUp, unasked,
	noLimitIsZero, zeroIsNoLimit, roundsDown, givesUp, comesBack, startsOver, edge, noClose, closesTwice,
	asks, first, shared, onlyRead, allRead, kernelOnly, modifies, modifiesTable, noError, late, noErr, noHup, blind, silent bool
}

func (f pollerFaults) impl() Impl { return Impl{NewSelector: f.open} }
