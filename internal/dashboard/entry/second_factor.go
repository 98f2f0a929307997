package entry

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/page"
)

// pending is the page on which a second factor is turned on.
type pending struct {
	sheet

	Secret string
	Code   string // the QR code, as a data URL
}

// qrSize is the QR code's size in pixels, some more than it is shown with.
const qrSize = 400

func pendingOf(key *account.Key) (p pending, err error) {
	drawn, err := key.Image(qrSize, qrSize)
	if err != nil {
		return p, fmt.Errorf("draw a QR code: %w", err)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, drawn); err != nil {
		return p, fmt.Errorf("write a QR code: %w", err)
	}
	return pending{Secret: key.Secret(), Code: "data:image/png;base64," + base64.StdEncoding.EncodeToString(file.Bytes())}, nil
}

func beginSecondFactor(r *page.Request) error {
	if _, err := r.Site.SecondFactors.Begin(r.Context(), r.Email); err != nil {
		return err
	}
	return r.Redirect("/profile/second-factor")
}

func showSecondFactor(r *page.Request) error { return showPending(r, sheet{}) }

func showPending(r *page.Request, s sheet) error {
	key, ok, err := r.Site.SecondFactors.Pending(r.Context(), r.Email)
	if err != nil || !ok {
		return orRedirect(r, err, "/profile#second-factor")
	}
	p, err := pendingOf(key)
	if err != nil {
		return err
	}
	p.sheet = s
	return framed(r, s, "Second factor", pendingPage(p))
}

// confirmSecondFactor turns the second factor on. The recovery codes are on the page
// that answers, and on no other.
func confirmSecondFactor(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	codes, err := r.Site.SecondFactors.Confirm(r.Context(), r.Email, r.PostForm.Get("code"))
	if err != nil {
		var s sheet
		if err := s.refuse(err); err != nil {
			return err
		}
		return showPending(r, s)
	}
	return showCodes(r, "Your second factor is on", codes)
}

func renewRecoveryCodes(r *page.Request) error {
	codes, err := r.Site.SecondFactors.RenewRecoveryCodes(r.Context(), r.Email)
	if err != nil {
		return err
	}
	return showCodes(r, "New recovery codes", codes)
}

func showCodes(r *page.Request, title string, codes []string) error {
	return r.Page(page.Show{Title: title, Width: "narrow", Status: http.StatusOK}, codesPage(title, codes))
}

// disableSecondFactor takes the second factor away from somebody who shows the password
// or a code: being signed in is not enough.
func disableSecondFactor(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	if err := provenAgain(r, r.PostForm.Get("proof")); err != nil {
		return refused(r, err, func(p *profile) *sheet { return &p.Disable })
	}
	if err := r.Site.SecondFactors.Disable(r.Context(), r.Email); err != nil {
		return err
	}
	return r.Done("/profile#second-factor", "Your login has no second factor any more.")
}

// provenAgain checks what may be the password, or a code of the second factor.
func provenAgain(r *page.Request, proof string) error {
	if err := attempt(r, r.Email); err != nil {
		return err
	}
	err := r.Site.Account.CheckPassword(r.Context(), r.Email, proof)
	if parley.KindOf(err) != parley.Unauthenticated {
		return err
	}
	err = r.Site.SecondFactors.Verify(r.Context(), r.Email, proof)
	if parley.KindOf(err) == parley.Invalid {
		return parley.InvalidField("proof", "is neither your password nor a code")
	}
	return err
}
