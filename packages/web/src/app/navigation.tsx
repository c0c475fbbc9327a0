import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import {
  IconBuilding,
  IconChevronDown,
  IconChevronRight,
  IconClipboardList,
  IconCube,
  IconHistory,
  IconLayoutDashboard,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconListDetails,
  IconMapPin,
  IconNetwork,
  IconTag,
  IconTopologyStar3,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { modelsQuery, statusQuery } from "../api/queries.ts";
import type { ModelManifest } from "../api/shapes.ts";
import classes from "./frame.module.css";

const modelIcons: Record<string, Icon> = {
  location: IconMapPin,
  location_type: IconBuilding,
  tenant: IconUsers,
  tag: IconTag,
  prefix: IconNetwork,
  ip_address: IconListDetails,
  namespace: IconTopologyStar3,
};

export function Navigation({ isNarrow, onToggle }: { isNarrow: boolean; onToggle: () => void }) {
  const models = useQuery(modelsQuery);
  const status = useQuery(statusQuery);
  const groups = groupModels(models.data ?? []);
  return (
    <>
      <nav
        aria-label="Main"
        className={isNarrow ? `${classes.scroll} ${classes.narrow}` : classes.scroll}
      >
        <Group title="Single Source of Truth" isNarrow={isNarrow}>
          <Item
            to="/plugins/ssot/"
            icon={IconLayoutDashboard}
            label="Dashboard"
            isNarrow={isNarrow}
            isExact
          />
          <Item
            to="/plugins/ssot/history/"
            icon={IconHistory}
            label="History"
            isNarrow={isNarrow}
          />
          <Item
            to="/plugins/ssot/logs/"
            icon={IconClipboardList}
            label="Logs"
            isNarrow={isNarrow}
          />
        </Group>
        <Group title="Jobs" isNarrow={isNarrow}>
          <Item
            to="/extras/job-results/"
            icon={IconListDetails}
            label="Results"
            isNarrow={isNarrow}
          />
        </Group>
        {groups.map(([group, members]) => (
          <Group key={group} title={group} isNarrow={isNarrow}>
            {members.map((model) => (
              <Item
                key={model.name}
                to="/inventory/$plural/"
                plural={model.plural}
                icon={modelIcons[model.name] ?? IconCube}
                label={capitalise(model.pluralLabel)}
                isNarrow={isNarrow}
              />
            ))}
          </Group>
        ))}
      </nav>
      <div className={classes.foot}>
        {!isNarrow && <span>{status.data ? `Plumbline ${status.data.version}` : ""}</span>}
        <Tooltip label={isNarrow ? "Widen the menu" : "Narrow the menu"} position="right">
          <ActionIcon
            variant="subtle"
            color="gray"
            visibleFrom="sm"
            onClick={onToggle}
            aria-label={isNarrow ? "Widen the menu" : "Narrow the menu"}
          >
            {isNarrow ? (
              <IconLayoutSidebarLeftExpand size={18} stroke={1.6} />
            ) : (
              <IconLayoutSidebarLeftCollapse size={18} stroke={1.6} />
            )}
          </ActionIcon>
        </Tooltip>
      </div>
    </>
  );
}

function Group(props: { title: string; isNarrow: boolean; children: ReactNode }) {
  const [isOpen, setIsOpen] = useLocalStorage({
    key: `plumbline-navigation-${props.title}`,
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  if (props.isNarrow) return <div className={classes.group}>{props.children}</div>;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.group}>
      <UnstyledButton
        className={classes.groupTitle}
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        {props.title}
        <Chevron size={13} aria-hidden />
      </UnstyledButton>
      {isOpen && props.children}
    </div>
  );
}

interface ItemProps {
  to:
    | "/plugins/ssot/"
    | "/plugins/ssot/history/"
    | "/plugins/ssot/logs/"
    | "/extras/job-results/"
    | "/inventory/$plural/";
  plural?: string;
  icon: Icon;
  label: string;
  isNarrow: boolean;
  isExact?: boolean;
}

function Item({ to, plural, icon: ItemIcon, label, isNarrow, isExact }: ItemProps) {
  const link = (
    <Link
      to={to}
      {...(plural === undefined ? {} : { params: { plural } })}
      className={classes.link}
      activeOptions={{ exact: isExact ?? false, includeSearch: false }}
      aria-label={isNarrow ? label : undefined}
    >
      <ItemIcon size={18} stroke={1.6} aria-hidden />
      {!isNarrow && label}
    </Link>
  );
  return isNarrow ? (
    <Tooltip label={label} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}

function groupModels(models: ModelManifest[]): [string, ModelManifest[]][] {
  const groups = new Map<string, ModelManifest[]>();
  for (const model of models) {
    if (!model.isHub) continue;
    const group = model.group ?? "Inventory";
    groups.set(group, [...(groups.get(group) ?? []), model]);
  }
  return [...groups].sort(([one], [other]) => rankOf(one) - rankOf(other));
}

const groupOrder = ["Organization", "Devices", "IPAM", "Extensibility"];

function rankOf(group: string): number {
  const rank = groupOrder.indexOf(group);
  return rank < 0 ? groupOrder.length : rank;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
