import { ActionIcon, Menu, Tooltip, UnstyledButton } from "@mantine/core";
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
  IconNetwork,
  IconPuzzle,
  IconServer,
  type Icon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { statusQuery } from "../api/queries.ts";
import type { ModelManifest } from "../api/shapes.ts";
import { objectTypes, useMay } from "../api/use-may.ts";
import { listName, useModelGroups } from "../components/model-groups.ts";
import classes from "./frame.module.css";

const groupIcons: Record<string, Icon> = {
  Organization: IconBuilding,
  Devices: IconServer,
  IPAM: IconNetwork,
  Extensibility: IconPuzzle,
};

export function Navigation({ isNarrow, onToggle }: { isNarrow: boolean; onToggle: () => void }) {
  const may = useMay();
  const status = useQuery(statusQuery);
  const groups = useModelGroups();
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
          {may(objectTypes.sync, "view") && (
            <Item
              to="/plugins/ssot/history/"
              icon={IconHistory}
              label="History"
              isNarrow={isNarrow}
            />
          )}
          {may(objectTypes.syncLog, "view") && (
            <Item
              to="/plugins/ssot/logs/"
              icon={IconClipboardList}
              label="Logs"
              isNarrow={isNarrow}
            />
          )}
        </Group>
        {may(objectTypes.jobResult, "view") && (
          <Group title="Jobs" isNarrow={isNarrow}>
            <Item
              to="/extras/job-results/"
              icon={IconListDetails}
              label="Results"
              isNarrow={isNarrow}
            />
          </Group>
        )}
        {groups.map(([group, members]) => (
          <ModelGroup key={group} title={group} models={members} isNarrow={isNarrow} />
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
  const [isOpen, setIsOpen] = useIsOpen(props.title, true);
  if (props.isNarrow) return <div className={classes.group}>{props.children}</div>;
  return (
    <div className={classes.group}>
      <GroupTitle title={props.title} isOpen={isOpen} onChange={setIsOpen} />
      {isOpen && props.children}
    </div>
  );
}

/** Whether a group of the menu is unfolded, as it was left. */
function useIsOpen(title: string, isOpenAtFirst: boolean) {
  return useLocalStorage({
    key: `plumbline-navigation-${title}`,
    defaultValue: isOpenAtFirst,
    getInitialValueInEffect: false,
  });
}

function GroupTitle(props: {
  title: string;
  isOpen: boolean;
  onChange: (isOpen: boolean) => void;
}) {
  const { title, isOpen, onChange } = props;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <UnstyledButton
      className={classes.groupTitle}
      aria-expanded={isOpen}
      onClick={() => {
        onChange(!isOpen);
      }}
    >
      {title}
      <Chevron size={13} aria-hidden />
    </UnstyledButton>
  );
}

/** The lists of a group's models: folded until they are wanted, one of them is open or there are few. */
function ModelGroup(props: { title: string; models: readonly ModelManifest[]; isNarrow: boolean }) {
  const { title, models, isNarrow } = props;
  const navigate = useNavigate();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const isHere = models.some(({ plural }) => pathname.startsWith(`/inventory/${plural}/`));
  const [isOpen, setIsOpen] = useIsOpen(title, models.length <= fewModels);
  const GroupIcon = groupIcons[title] ?? IconCube;
  if (isNarrow) {
    return (
      <div className={classes.group}>
        <Menu position="right-start">
          <Menu.Target>
            <UnstyledButton
              className={classes.link}
              aria-label={title}
              {...(isHere ? { "data-status": "active" } : {})}
            >
              <GroupIcon size={18} stroke={1.6} aria-hidden />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{title}</Menu.Label>
            {models.map((model) => (
              <Menu.Item
                key={model.plural}
                onClick={() =>
                  void navigate({ to: "/inventory/$plural/", params: { plural: model.plural } })
                }
              >
                {listName(model)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    );
  }
  return (
    <div className={classes.group}>
      <GroupTitle title={title} isOpen={isOpen || isHere} onChange={setIsOpen} />
      {(isOpen || isHere) &&
        models.map((model) => (
          <Item
            key={model.plural}
            to="/inventory/$plural/"
            plural={model.plural}
            icon={null}
            label={listName(model)}
            isNarrow={false}
          />
        ))}
    </div>
  );
}

const fewModels = 6;

interface ItemProps {
  to:
    | "/plugins/ssot/"
    | "/plugins/ssot/history/"
    | "/plugins/ssot/logs/"
    | "/extras/job-results/"
    | "/inventory/$plural/";
  plural?: string;
  /** None where the name says it all. */
  icon: Icon | null;
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
      {ItemIcon && <ItemIcon size={18} stroke={1.6} aria-hidden />}
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
