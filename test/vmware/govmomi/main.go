// Command govmomi makes calls by VMware's Go client, and prints what it was told as one JSON object. Every reply is
// read by the client's own types.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/sts"
	"github.com/vmware/govmomi/vapi/rest"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	// A task that lasts longer is an error.
	taskLimit = 30 * time.Second
	pollEvery = 50 * time.Millisecond
	cluster   = "/api/snapservice/clusters/domain-c8/virtual-machines/vm-1001"
)

type answers map[string]any

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func newClient(address string, version string) *soap.Client {
	client := soap.NewClient(must(url.Parse(address)), false)
	client.Namespace = "urn:" + vim25.Namespace
	client.Version = version
	client.UseJSON(true)
	return client
}

// By VI/JSON: the service content, a login, privileges, a fault, the end of the session.
func askByJSON(ctx context.Context, vc *vim25.Client, user *url.Userinfo, told answers) {
	about := vc.ServiceContent.About
	told["about"] = answers{"apiType": about.ApiType, "apiVersion": about.ApiVersion, "uuid": about.InstanceUuid}
	sessions := session.NewManager(vc)
	check(sessions.Login(ctx, user))
	privileges := object.NewAuthorizationManager(vc)
	ask := func(vm string) ([]types.EntityPrivilege, error) {
		entities := []types.ManagedObjectReference{{Type: "VirtualMachine", Value: vm}}
		return privileges.HasUserPrivilegeOnEntities(ctx, entities, user.Username(), []string{"System.Read"})
	}
	granted := must(ask("vm-1001"))[0]
	told["granted"] = answers{"entity": granted.Entity.Value, "privileges": granted.PrivAvailability}
	_, err := ask("vm-0")
	told["faultOfMissing"] = faultOf(err)
	check(sessions.Logout(ctx))
	_, err = ask("vm-1001")
	told["faultAfterLogout"] = faultOf(err)
}

func faultOf(err error) string {
	if err == nil || !soap.IsSoapFault(err) {
		return fmt.Sprint("no fault: ", err)
	}
	return fmt.Sprintf("%T", soap.ToSoapFault(err).VimFault())
}

// By the REST client: its login below /rest, machines below /api, a missing one, the end of the session.
func askByREST(ctx context.Context, vc *vim25.Client, user *url.Userinfo, told answers) {
	client := rest.NewClient(vc)
	check(client.Login(ctx, user))
	told["restUser"] = must(client.Session(ctx)).User
	var vms []struct{ VM, Name string }
	named := client.Resource("/api/vcenter/vm").WithParam("names", "web-01")
	check(client.Do(ctx, named.Request(http.MethodGet), &vms))
	told["vms"] = vms
	missing := client.Resource("/api/vcenter/vm/vm-0").Request(http.MethodGet)
	told["missingIs404"] = rest.IsStatusError(client.Do(ctx, missing, nil), http.StatusNotFound)
	check(client.Logout(ctx))
	told["sessionAfterLogout"] = must(client.Session(ctx))
	err := client.Login(ctx, url.UserPassword(user.Username(), "wrong"))
	told["wrongPasswordIs401"] = rest.IsStatusError(err, http.StatusUnauthorized)
}

// By a token of the token service: a session of vCenter, and a clone on the appliance without any session.
func askByToken(ctx context.Context, vc *vim25.Client, user *url.Userinfo, told answers) {
	tokens := must(sts.NewClient(ctx, vc))
	signer := must(tokens.Issue(ctx, sts.TokenRequest{Userinfo: user}))
	told["tokenLasts"] = signer.Lifetime.Expires.Sub(signer.Lifetime.Created).String()
	_, err := tokens.Issue(ctx, sts.TokenRequest{Userinfo: url.UserPassword(user.Username(), "wrong")})
	told["wrongTokenRequest"] = fmt.Sprint(err)

	client := rest.NewClient(vc)
	check(client.LoginByToken(client.WithSigner(ctx, signer)))
	told["tokenUser"] = must(client.Session(ctx)).User

	appliance := rest.NewClient(&vim25.Client{Client: newClient(os.Getenv("APPLIANCE_URL"), "")})
	signed := appliance.WithSigner(ctx, signer)
	var snapshots struct{ Items []struct{ Snapshot string } }
	listed := appliance.Resource(cluster+"/snapshots").WithParam("names", "nightly-0412")
	check(appliance.Do(signed, listed.Request(http.MethodGet), &snapshots))
	spec := answers{"snapshot": snapshots.Items[0].Snapshot, "name": "by-govmomi"}
	start := appliance.Resource(cluster).WithParam("action", "linked-clone").WithParam("vmw-task", "true")
	var task string
	check(appliance.Do(signed, start.Request(http.MethodPost, spec), &task))
	told["task"] = task
	told["clone"] = resultOf(signed, appliance, task)
	told["takenName"] = fmt.Sprint(appliance.Do(signed, start.Request(http.MethodPost, spec), &task))
}

func resultOf(ctx context.Context, appliance *rest.Client, task string) any {
	for end := time.Now().Add(taskLimit); time.Now().Before(end); time.Sleep(pollEvery) {
		var info struct {
			Status string
			Result any
		}
		check(appliance.Do(ctx, appliance.Resource("/api/snapservice/tasks/"+task).Request(http.MethodGet), &info))
		if info.Status == "SUCCEEDED" {
			return info.Result
		}
	}
	return "the task did not end"
}

func main() {
	ctx := context.Background()
	user := url.UserPassword(os.Getenv("VSPHERE_USERNAME"), os.Getenv("VSPHERE_PASSWORD"))
	vc := must(vim25.NewClient(ctx, newClient(os.Getenv("VCENTER_URL")+vim25.Path, os.Getenv("RELEASE"))))
	told := answers{}
	askByJSON(ctx, vc, user, told)
	askByREST(ctx, vc, user, told)
	askByToken(ctx, vc, user, told)
	check(json.NewEncoder(os.Stdout).Encode(told))
}
