import { Link } from "@tanstack/react-router";
import classes from "./brand.module.css";

export function Brand() {
  return (
    <Link to="/plugins/ssot/" className={classes.brand} aria-label="Plumbline: dashboard">
      <img src="/icon.svg" width={22} height={22} alt="" />
      Plumbline
    </Link>
  );
}
