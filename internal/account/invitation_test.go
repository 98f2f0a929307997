package account_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/noun"
	"parley/internal/testing/dbtest"
)

func callerOf(f account.Founded) parley.Caller {
	return parley.Caller{Organization: f.Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(f.Owner.ID)}}
}

func invite(t *testing.T, a *account.Account, f account.Founded, email string) (parley.User, string) {
	t.Helper()
	u, secret, err := a.Invite(t.Context(), callerOf(f), parley.User{Name: "Ada", Email: email, Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	return u, secret
}

// enters tells which organizations a login may enter.
func enters(t *testing.T, a *account.Account, email string) (names []string) {
	t.Helper()
	all, err := a.Memberships(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		names = append(names, m.Organization.Name)
		one, ok, err := a.Membership(t.Context(), email, m.Organization.ID)
		if !ok || err != nil || one != m {
			t.Errorf("%s is listed as %+v and found as %+v, %v (%v)", email, m, one, ok, err)
		}
	}
	return names
}

func wants(t *testing.T, a *account.Account, email string, names ...string) {
	t.Helper()
	got := enters(t, a, email)
	if len(got) != len(names) {
		t.Fatalf("%s may enter %q, want %q", email, got, names)
	}
	for i := range got {
		if got[i] != names[i] {
			t.Errorf("%s may enter %q, want %q", email, got, names)
		}
	}
}

func foundAs(t *testing.T, a *account.Account, name, email string) account.Founded {
	t.Helper()
	f := usual
	f.Name, f.Email = name, email
	return found(t, a, f)
}

func TestWhoIsInvitedCanEnterAfterAccepting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, log := newAccount(t, db)
		f := found(t, a, usual)
		u, secret := invite(t, a, f, "Ada@example.com")
		wants(t, a, "ada@example.com")
		inv, err := a.Invitation(t.Context(), secret)
		if err != nil || inv.Organization.ID != f.Organization.ID || inv.User != u || inv.Email != "ada@example.com" || inv.HasLogin {
			t.Errorf("the invitation is %+v (%v)", inv, err)
		}
		for name, p := range map[string]account.Proof{"without a password": {}, "with a short one": {Password: "short"}} {
			if _, err := a.Accept(t.Context(), secret, p); parley.KindOf(err) != parley.Invalid {
				t.Errorf("%s: %v, want Invalid", name, err)
			}
		}
		m, err := a.Accept(t.Context(), secret, account.Proof{Password: "her own password"})
		if err != nil || m.User != u || m.Organization.Name != usual.Name {
			t.Fatalf("accepted as %+v (%v)", m, err)
		}
		wants(t, a, "ADA@example.com", usual.Name)
		if err := a.CheckPassword(t.Context(), "ada@example.com", "her own password"); err != nil {
			t.Errorf("the new login: %v", err)
		}
		if _, err := a.Accept(t.Context(), secret, account.Proof{SignedIn: "ada@example.com"}); parley.KindOf(err) != parley.NotFound {
			t.Errorf("a second time: %v, want NotFound", err)
		}
		if events, err := log.Read(t.Context(), f.Organization.ID, 3, 10); err != nil || len(events) != 1 || events[0].Type != "user.created" {
			t.Errorf("the events are %v (%v)", events, err)
		}
	})
}

// An admin of one organization writes a stranger's email down, takes the invitation
// for themselves and sets the password. Another organization that has the stranger, or
// invites them, stays closed to that.
func TestAPasswordSetByAnotherOrganizationOpensNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		evil := foundAs(t, a, "Evil", "mallory@example.com")
		good := foundAs(t, a, "Good", "grace@example.com")

		// The user alone, made through the API as well, lets nobody in.
		victim, err := a.Users.Create(t.Context(), callerOf(good), parley.User{Name: "Victim", Email: "victim@example.com", Role: parley.Admin})
		if err != nil {
			t.Fatal(err)
		}
		_, trap := invite(t, a, evil, "victim@example.com")
		if _, err := a.Accept(t.Context(), trap, account.Proof{Password: "mallory knows it"}); err != nil {
			t.Fatal(err)
		}
		wants(t, a, "victim@example.com", "Evil")

		// The invitation of the other can only be accepted by who has its link, and the link
		// alone does not do: not without signing in, nor with another password.
		_, secret, err := a.InviteAgain(t.Context(), callerOf(good), victim.ID)
		if err != nil {
			t.Fatal(err)
		}
		wants(t, a, "victim@example.com", "Evil")
		for name, test := range map[string]struct {
			proof account.Proof
			want  parley.Kind
		}{
			"signed in as nobody":    {account.Proof{}, parley.Unauthenticated},
			"with another password":  {account.Proof{Password: "another password"}, parley.Unauthenticated},
			"with an identity":       {account.Proof{Identity: &account.ExternalIdentity{Issuer: "https://id.example.com", Subject: "1"}}, parley.Unauthenticated},
			"signed in as another":   {account.Proof{SignedIn: "mallory@example.com"}, parley.Forbidden},
			"another and a password": {account.Proof{SignedIn: "mallory@example.com", Password: "another password"}, parley.Forbidden},
		} {
			if _, err := a.Accept(t.Context(), secret, test.proof); parley.KindOf(err) != test.want {
				t.Errorf("%s: %v, want kind %d", name, err, test.want)
			}
		}
		wants(t, a, "victim@example.com", "Evil")
		if _, err := a.Invitation(t.Context(), trap); parley.KindOf(err) != parley.NotFound {
			t.Errorf("the used link: %v, want NotFound", err)
		}

		// Given back to the victim, who has the link, it works.
		if err := a.GiveBack(t.Context(), "victim@example.com", "from the operator", false); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Accept(t.Context(), secret, account.Proof{SignedIn: "Victim@example.com"}); err != nil {
			t.Fatal(err)
		}
		wants(t, a, "victim@example.com", "Evil", "Good")
	})
}

func TestAnInvitationEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, _ := newAccount(t, dbtest.SQLite(t))
		f := found(t, a, usual)
		u, first := invite(t, a, f, "ada@example.com")
		time.Sleep(7*24*time.Hour - time.Millisecond)
		if _, err := a.Invitation(t.Context(), first); err != nil {
			t.Errorf("a moment before: %v", err)
		}
		time.Sleep(time.Millisecond)
		expired(t, a, first)

		_, second, err := a.InviteAgain(t.Context(), callerOf(f), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, third, err := a.InviteAgain(t.Context(), callerOf(f), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		expired(t, a, second)
		until := parley.Now().Add(7 * 24 * time.Hour)
		if j := standing(t, a, f, u); j.Joined || j.InvitedUntil == nil || *j.InvitedUntil != until {
			t.Errorf("before accepting: %+v", j)
		}
		if _, err := a.Accept(t.Context(), third, account.Proof{Password: "her own password"}); err != nil {
			t.Fatal(err)
		}
		if j := standing(t, a, f, u); !j.Joined || j.InvitedUntil != nil {
			t.Errorf("after accepting: %+v", j)
		}
		if _, _, err := a.InviteAgain(t.Context(), callerOf(f), u.ID); parley.KindOf(err) != parley.Conflict {
			t.Errorf("invited after accepting: %v, want Conflict", err)
		}
		a.Wait()
	})
}

func expired(t *testing.T, a *account.Account, secret string) {
	t.Helper()
	if _, err := a.Invitation(t.Context(), secret); parley.KindOf(err) != parley.NotFound {
		t.Errorf("read: %v, want NotFound", err)
	}
	if _, err := a.Accept(t.Context(), secret, account.Proof{Password: "her own password"}); parley.KindOf(err) != parley.NotFound {
		t.Errorf("accepted: %v, want NotFound", err)
	}
}

func standing(t *testing.T, a *account.Account, f account.Founded, u parley.User) account.Joining {
	t.Helper()
	joined, err := a.Joined(t.Context(), f.Organization.ID, []parley.User{u})
	if err != nil {
		t.Fatal(err)
	}
	return joined[u.ID]
}

// A user whose email is another's now, or who is gone, lets the old email in no more.
func TestAChangedEmailAndADeletedUserKeepOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		f := found(t, a, usual)
		u, secret := invite(t, a, f, "ada@example.com")
		if _, err := a.Accept(t.Context(), secret, account.Proof{Password: "her own password"}); err != nil {
			t.Fatal(err)
		}
		email := func(to string) func(*parley.User) error {
			return func(u *parley.User) error { u.Email = to; return nil }
		}
		changed, err := a.Users.Update(t.Context(), callerOf(f), string(u.ID), noun.AnyVersion, email("eve@example.com"))
		if err != nil {
			t.Fatal(err)
		}
		wants(t, a, "ada@example.com")
		wants(t, a, "eve@example.com")
		if j := standing(t, a, f, changed); j.Joined {
			t.Error("with another email the user counts as joined")
		}
		// The new email's person is invited; the email changes before they accept.
		_, secret, err = a.InviteAgain(t.Context(), callerOf(f), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Users.Update(t.Context(), callerOf(f), string(u.ID), noun.AnyVersion, email("Ada@example.com")); err != nil {
			t.Fatal(err)
		}
		expired(t, a, secret)
		wants(t, a, "ada@example.com", usual.Name) // it was hers, and is again

		if err := a.Users.Delete(t.Context(), callerOf(f), string(u.ID)); err != nil {
			t.Fatal(err)
		}
		wants(t, a, "ada@example.com")
		// A new user with the email is another, who has accepted nothing.
		invite(t, a, f, "ada@example.com")
		wants(t, a, "ada@example.com")
	})
}

// Where one user's email has become another's, the login enters as the one who has it.
func TestAnEmailPassesToAnotherUser(t *testing.T) {
	t.Parallel()
	a, _ := newAccount(t, dbtest.SQLite(t))
	f := found(t, a, usual)
	accepted := account.Proof{Password: "her own password"}
	for range 3 {
		u, secret := invite(t, a, f, "ada@example.com")
		if _, err := a.Accept(t.Context(), secret, accepted); err != nil {
			t.Fatal(err)
		}
		accepted = account.Proof{SignedIn: "ada@example.com"}
		wants(t, a, "ada@example.com", usual.Name)
		if m, ok, err := a.Membership(t.Context(), "ada@example.com", f.Organization.ID); m.User.ID != u.ID || !ok || err != nil {
			t.Errorf("entered as %+v, %v (%v), want %s", m, ok, err, u.ID)
		}
		_, err := a.Users.Update(t.Context(), callerOf(f), string(u.ID), noun.AnyVersion, func(u *parley.User) error {
			u.Email = string(u.ID) + "@example.com"
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wants(t, a, "ada@example.com")
	}
}

func TestWhoComesFromAnIssuerNeedsNoPassword(t *testing.T) {
	t.Parallel()
	a, _ := newAccount(t, dbtest.SQLite(t))
	f := found(t, a, usual)
	_, secret := invite(t, a, f, "ada@example.com")
	id := account.ExternalIdentity{Issuer: "https://id.example.com", Subject: "ada"}
	if _, err := a.Accept(t.Context(), secret, account.Proof{Identity: &id}); err != nil {
		t.Fatal(err)
	}
	if email, leads, err := a.LoginOf(t.Context(), id); email != "ada@example.com" || !leads || err != nil {
		t.Errorf("the identity leads to %q, %v (%v)", email, leads, err)
	}
	if err := a.CheckPassword(t.Context(), "ada@example.com", ""); parley.KindOf(err) != parley.Unauthenticated {
		t.Errorf("without a password: %v, want Unauthenticated", err)
	}
	if err := a.UnlinkIdentities(t.Context(), "ada@example.com"); parley.KindOf(err) != parley.Conflict {
		t.Errorf("the only way in is taken: %v, want Conflict", err)
	}
	if err := a.ChangePassword(t.Context(), "ada@example.com", "", "her own password", ""); err != nil {
		t.Errorf("a first password: %v", err)
	}
}

// Of two who set a server up at once, one does.
func TestAServerIsSetUpOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		if empty, err := a.Empty(t.Context()); !empty || err != nil {
			t.Errorf("it is empty: %v (%v)", empty, err)
		}
		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for range cap(errs) {
			wg.Go(func() {
				_, err := a.FoundFirst(t.Context(), usual)
				errs <- err
			})
		}
		wg.Wait()
		close(errs)
		made := 0
		for err := range errs {
			switch {
			case err == nil:
				made++
			case parley.KindOf(err) != parley.Conflict:
				t.Errorf("the others: %v, want Conflict", err)
			}
		}
		if made != 1 {
			t.Errorf("%d organizations were made", made)
		}
		wants(t, a, usual.Email, usual.Name)
		if empty, err := a.Empty(t.Context()); empty || err != nil {
			t.Errorf("it is empty after: %v (%v)", empty, err)
		}
	})
}

func TestASetUpAfterAFoundingIsRefused(t *testing.T) {
	t.Parallel()
	a, _ := newAccount(t, dbtest.SQLite(t))
	found(t, a, usual)
	if _, err := a.FoundFirst(t.Context(), usual); parley.KindOf(err) != parley.Conflict {
		t.Errorf("%v, want Conflict", err)
	}
	foundAs(t, a, "Second", "ada@example.com")
}
