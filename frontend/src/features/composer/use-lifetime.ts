import { useState } from "react";
import { config, type TtlCode } from "@/shared/lib/config";
import { storage } from "@/shared/lib/storage";

const key = "cruddur.lifetime";
const usual: TtlCode = "1-day";

function remembered(): TtlCode {
  const { ttls } = config();
  const last = ttls.find((ttl) => ttl === storage.read(key));
  return last ?? ttls.find((ttl) => ttl === usual) ?? ttls[0] ?? usual;
}

/** The lifetime that was chosen last. */
export function useLifetime(): [TtlCode, (ttl: TtlCode) => void] {
  const [ttl, setTtl] = useState(remembered);
  const choose = (next: TtlCode) => {
    setTtl(next);
    storage.write(key, next);
  };
  return [ttl, choose];
}
