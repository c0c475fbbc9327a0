import { AppShell, Burger } from "@mantine/core";
import { useDisclosure, useLocalStorage } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { sessionQuery, statusQuery } from "../api/queries.ts";
import { Brand } from "../components/brand.tsx";
import { PageSkeleton } from "../components/page-skeleton.tsx";
import { isUnreachable, ServerGone } from "../components/server-gone.ts";
import { ErrorState } from "../components/states.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { Navigation } from "./navigation.tsx";
import { TopBarActions } from "./top-bar-actions.tsx";
import classes from "./frame.module.css";

const narrowWidth = 56;
const wideWidth = 232;

/** What surrounds every page of a signed-in user. */
export function Frame() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <PageSkeleton />;
  if (session.isError) {
    return (
      <div className={classes.alone}>
        <ErrorState error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  const { user } = session.data;
  if (!user) return <SignInFirst />;
  return <SignedIn userName={user.name} />;
}

function SignedIn({ userName }: { userName: string }) {
  const location = useLocation();
  const [isOpen, drawer] = useDisclosure(false);
  const [isNarrow, setIsNarrow] = useLocalStorage({
    key: "plumbline-navigation-narrow",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const status = useQuery(statusQuery);
  const isServerGone = isUnreachable(status.error);
  const client = useQueryClient();
  useEffect(() => {
    // Back again: whatever could not be read meanwhile, or is out of date, is read now.
    if (isServerGone) return () => void client.invalidateQueries();
    return undefined;
  }, [isServerGone, client]);
  useEffect(() => {
    drawer.close();
    // Closes the drawer once a page was chosen from it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [location.pathname]);
  const shownPath = useRef(location.pathname);
  useEffect(() => {
    if (shownPath.current === location.pathname) return;
    shownPath.current = location.pathname;
    // What was pressed is gone with its page: the next Tab begins at the new one.
    document.getElementById("content")?.focus({ preventScroll: true });
  }, [location.pathname]);

  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{
        width: { base: wideWidth, sm: isNarrow ? narrowWidth : wideWidth },
        breakpoint: "sm",
        collapsed: { mobile: !isOpen },
      }}
      padding={0}
      transitionDuration={120}
    >
      <a className={classes.skip} href="#content">
        Skip to the page
      </a>
      <CommandPalette />
      <AppShell.Header className={classes.header}>
        <div className={classes.start}>
          <Burger
            opened={isOpen}
            onClick={drawer.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={isOpen ? "Close the menu" : "Open the menu"}
          />
          <Brand />
        </div>
        <TopBarActions userName={userName} />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Navigation
          isNarrow={isNarrow && !isOpen}
          onToggle={() => {
            setIsNarrow((value) => !value);
          }}
        />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        {isServerGone && (
          <p className={classes.gone} role="status">
            The server does not answer; trying again. What is shown here may be out of date.
          </p>
        )}
        <ServerGone value={isServerGone}>
          <Outlet />
        </ServerGone>
      </AppShell.Main>
    </AppShell>
  );
}

/** Goes to the sign-in page, which leads back here. */
function SignInFirst() {
  const navigate = useNavigate();
  const { href } = useLocation();
  const [from] = useState(href);
  useEffect(() => {
    void navigate({ to: "/login/", search: { from }, replace: true });
  }, [navigate, from]);
  return <PageSkeleton />;
}
