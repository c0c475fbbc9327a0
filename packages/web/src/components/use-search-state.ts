import { useNavigate, useRouterState, useSearch } from "@tanstack/react-router";

type Search = Readonly<Record<string, string | undefined>>;

interface FilterState {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** The page's search parameters, and a way to change some of them; what changes a list goes back to page 1. */
export function useSearchState(): {
  search: Search;
  change: (changes: Search) => void;
  /** Value and change of what filters by one parameter alone, for its input. */
  filter: (name: string) => FilterState;
  page: number;
  setPage: (page: number) => void;
} {
  // Pages keep to the parameters that their routes declare.
  const search: Search = useSearch({ strict: false });
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  function change(changes: Search) {
    void navigate({
      to: pathname,
      search: { ...search, page: undefined, ...changes },
      replace: true,
      resetScroll: false,
    });
  }
  const page = Math.max(1, Number(search["page"]) || 1);
  return {
    search,
    change,
    filter: (name) => ({
      value: search[name],
      onChange: (value) => {
        change({ [name]: value });
      },
    }),
    page,
    setPage: (next) => {
      change({ page: next > 1 ? String(next) : undefined });
    },
  };
}

/** The text of the address where it is one of the choices: people edit addresses. */
export function oneOf<Choice extends string>(
  choices: readonly Choice[],
  text: string | undefined,
): Choice | undefined {
  return choices.find((choice) => choice === text);
}

/** The text where it is an id. */
export function uuidIn(text: string | undefined): string | undefined {
  return text !== undefined && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
    ? text
    : undefined;
}

export const listPageSize = 50;

/** The list parameters of a page of `size`. */
export function pageQuery(page: number, size = listPageSize): { limit: number; offset: number } {
  return { limit: size, offset: (page - 1) * size };
}
