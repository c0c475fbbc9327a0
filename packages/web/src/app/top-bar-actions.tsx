import {
  ActionIcon,
  Button,
  Menu,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import {
  IconBaselineDensityMedium,
  IconBaselineDensitySmall,
  IconDeviceDesktop,
  IconKey,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { signOut } from "../api/commands.ts";
import { statusQuery } from "../api/queries.ts";
import { objectTypes, useMay, useSeesAll } from "../api/use-may.ts";
import { openCommandPalette } from "./command-palette.tsx";
import classes from "./frame.module.css";

export function TopBarActions({ userName }: { userName: string }) {
  return (
    <div className={classes.actions}>
      <RunningJobs />
      <SearchButton />
      <DensitySwitch />
      <ThemeSwitch />
      <UserMenu name={userName} />
    </div>
  );
}

function RunningJobs() {
  const status = useQuery(statusQuery);
  const may = useMay();
  if (!status.data || !may(objectTypes.jobResult, "view")) return null;
  const { runningJobs, workers } = status.data;
  if (workers === 0) {
    return (
      <Tooltip label="Jobs wait until a worker starts: plumbline worker">
        <Link to="/extras/job-results/" className={classes.running}>
          No worker
        </Link>
      </Tooltip>
    );
  }
  if (runningJobs === 0) return null;
  return (
    <Link to="/extras/job-results/" search={{ status: "running" }} className={classes.running}>
      <span className={classes.pulse} aria-hidden />
      <span className="number">{runningJobs} running</span>
    </Link>
  );
}

function SearchButton() {
  return (
    <Tooltip label="Find an object, go to a page, run a job">
      <UnstyledButton className={classes.search} onClick={openCommandPalette}>
        <IconSearch size={16} stroke={1.8} aria-hidden />
        <span className={classes.searchText}>Search</span>
        <kbd className={classes.searchText}>Ctrl K</kbd>
      </UnstyledButton>
    </Tooltip>
  );
}

function DensitySwitch() {
  const [density, setDensity] = useLocalStorage<"comfortable" | "compact">({
    key: "plumbline-density",
    defaultValue: "comfortable",
    getInitialValueInEffect: false,
    serialize: (value) => value,
    deserialize: (value) => (value === "compact" ? "compact" : "comfortable"),
  });
  useEffect(() => {
    document.documentElement.setAttribute("data-density", density);
  }, [density]);
  const isCompact = density === "compact";
  const label = isCompact ? "Show rows with more room" : "Show rows closer together";
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        visibleFrom="xs"
        aria-label={label}
        onClick={() => {
          setDensity(isCompact ? "comfortable" : "compact");
        }}
      >
        {isCompact ? (
          <IconBaselineDensityMedium size={18} stroke={1.6} />
        ) : (
          <IconBaselineDensitySmall size={18} stroke={1.6} />
        )}
      </ActionIcon>
    </Tooltip>
  );
}

const schemes = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "As the system", icon: IconDeviceDesktop },
] as const;

function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = schemes.find((scheme) => scheme.value === colorScheme) ?? schemes[2];
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Theme: ${current.label}`}>
          <current.icon size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            leftSection={<scheme.icon size={16} stroke={1.6} />}
            aria-current={scheme.value === colorScheme}
            {...(scheme.value === colorScheme ? { fw: 600 } : {})}
            onClick={() => {
              setColorScheme(scheme.value);
            }}
          >
            {scheme.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu({ name }: { name: string }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const isSuperuser = useSeesAll();
  async function leave() {
    await signOut();
    client.clear();
    await navigate({ to: "/login/" });
  }
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          px="xs"
          leftSection={<IconUser size={18} stroke={1.6} />}
          aria-label={`User menu of ${name}`}
        >
          <span className={classes.userName}>{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconKey size={16} stroke={1.6} />}
          onClick={() => void navigate({ to: "/user/api-tokens/" })}
        >
          API tokens
        </Menu.Item>
        {isSuperuser && (
          <Menu.Item
            leftSection={<IconUsers size={16} stroke={1.6} />}
            onClick={() => void navigate({ to: "/users/" })}
          >
            People
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
