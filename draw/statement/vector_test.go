package statement

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// publicCheckpoint is a checkpoint of the log arche2025h1.staging.ct.transparency.dev
// with the cosignatures of four public witnesses, as published.
const publicCheckpoint = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`

// publicWitnesses are the keys of those witnesses, as they publish them.
var publicWitnesses = [...]string{
	"transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
	"witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
	"remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
	"witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
}

// TestPublicCosignatures verifies cosignatures that other programs made.
func TestPublicCosignatures(t *testing.T) {
	for _, vkey := range publicWitnesses {
		verifier, err := NewCosignatureVerifier(vkey)
		require.NoError(t, err)
		n, err := note.Open([]byte(publicCheckpoint), note.VerifierList(verifier))
		require.NoError(t, err, vkey)
		require.Len(t, n.Sigs, 1, vkey)
		at, err := CosignedAt(n.Sigs[0])
		require.NoError(t, err)
		require.Equal(t, time.Date(2026, 5, 23, 21, 50, 24, 0, time.UTC), at, vkey) // second 1779573024

		other := bytes.Replace([]byte(publicCheckpoint), []byte("\n1432088532\n"), []byte("\n1432088533\n"), 1)
		_, err = note.Open(other, note.VerifierList(verifier))
		require.ErrorContains(t, err, "invalid signature for key "+verifier.Name())
	}
}
