import { Location, Tenant } from "@plumbline/models";
import { expect, it } from "vitest";
import { checkLinks, linkTo } from "./object-link.ts";

const check = (template: string) => () => {
  checkLinks([Tenant], { tenant: template });
};

it("an id becomes one part of the address, whatever is in it", () => {
  const template = "https://crm.example/tenants/{id}/?show={id}";
  expect(linkTo(template, "7")).toBe("https://crm.example/tenants/7/?show=7");
  expect(linkTo(template, "../a b?$&#")).toBe(
    "https://crm.example/tenants/..%2Fa%20b%3F%24%26%23/?show=..%2Fa%20b%3F%24%26%23",
  );
});

it.each([
  "https://crm.example/tenants/{id}/",
  "http://127.0.0.1:8080/crm/{id}",
  "https://crm.example/#/tenants/{id}",
  "https://crm.example/show?tenant={id}",
])("%s is a link", (template) => {
  expect(check(template)).not.toThrow();
});

it.each([
  ["javascript:alert({id})", "is no http or https address"],
  ["/tenants/{id}", "is no address"],
  ["https://crm.example/tenants/", "has no place for the object's id"],
  ["https://{id}.example/", "no"],
  ["https://{id}/tenants", "no"],
])("%s is refused with the model's name and the next step", (template, fault) => {
  expect(check(template)).toThrow(/^The link for tenant /);
  expect(check(template)).toThrow(fault);
  expect(check(template)).toThrow("https://system.example/objects/{id}");
});

it("an address with a user or a password is refused, and the message keeps it", () => {
  const secret = "https://ada:opensesame@crm.example/tenants/{id}";
  expect(check(secret)).toThrow("names a user or a password");
  expect(check(secret)).not.toThrow("opensesame");
  expect(check("https://token@crm.example/{id}")).toThrow("names a user or a password");
});

it("a link for what the job does not sync is refused", () => {
  expect(() => {
    checkLinks([Tenant], { [Location.name]: "https://crm.example/{id}" });
  }).toThrow("It has a link for location, which it does not sync. It syncs tenant.");
});
