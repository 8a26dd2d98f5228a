extension DashboardPage {
    static let style = #"""
        :root {
          color-scheme: light;
          --back: #f6f7fb; --card: #fff; --line: #e3e6ef; --text: #171a26; --muted: #667085;
          --accent: #4f46e5; --good: #0f9960; --warn: #b7791f; --bad: #d1344b; --idle: #7a8194;
          --shadow: 0 1px 2px rgba(16, 24, 40, .06), 0 4px 16px rgba(16, 24, 40, .05);
        }
        :root[data-theme="dark"] {
          color-scheme: dark;
          --back: #0d1018; --card: #161a26; --line: #262c3d; --text: #e8eaf2; --muted: #929ab0;
          --accent: #8b85ff; --good: #3ddc97; --warn: #f2b84b; --bad: #ff6b81; --idle: #8f97ad;
          --shadow: none;
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--back); color: var(--text);
          font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
          font-variant-numeric: tabular-nums;
        }
        header, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 20px; }
        header { display: flex; justify-content: space-between; align-items: center; padding-top: 18px; }
        footer.muted {
          display: flex; justify-content: space-between; flex-wrap: wrap; gap: 4px 20px; margin: 0 auto;
          padding-bottom: 28px;
        }
        h1 { font-size: 19px; margin: 0; letter-spacing: -.01em; }
        h2 { font-size: 13px; margin: 0; font-weight: 600; }
        a { color: var(--accent); }
        code { font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        .brand, .head-right, .title { display: flex; align-items: center; gap: 10px; }
        .brand span { padding-top: 4px; }
        .muted { color: var(--muted); font-size: 12.5px; margin: 0; }
        section { margin: 22px 0; }
        .title { margin-bottom: 10px; min-height: 30px; }
        .title h2 { flex: 1; font-size: 15px; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; }
        .card, .server, .scroll, .banner {
          background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          box-shadow: var(--shadow);
        }
        .card { padding: 14px 16px 12px; min-height: 112px; }
        .card h2 { color: var(--muted); font-weight: 500; }
        .figure { font-size: 27px; font-weight: 650; margin: 2px 0; letter-spacing: -.02em; }
        .spark { width: 100%; height: 32px; display: block; }
        .spark path {
          fill: none; stroke: var(--accent); stroke-width: 1.6; vector-effect: non-scaling-stroke;
        }
        .spark.bad path { stroke: var(--bad); }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); gap: 14px; }
        .charts .title { margin: 0 0 4px; min-height: 0; }
        .charts .title h2 { font-size: 13px; }
        .chart { width: 100%; height: 110px; display: block; }
        .chart path {
          fill: none; stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke;
        }
        .chart .axis { stroke: var(--line); stroke-width: 1; }
        .chart .line1 { stroke: var(--warn); }
        .chart .bad { stroke: var(--bad); }
        .chart .line2 { stroke: var(--good); } .chart .line3 { stroke: var(--bad); }
        .chart .line4 { stroke: var(--idle); }
        .charts p span { margin-right: 14px; color: var(--accent); }
        .charts p .key1 { color: var(--warn); } .charts p .bad { color: var(--bad); }
        .charts p .key2 { color: var(--good); } .charts p .key3 { color: var(--bad); }
        .charts p .key4 { color: var(--idle); }
        .pair { grid-template-columns: repeat(auto-fit, minmax(330px, 1fr)); }
        .pair + .scroll, .scroll + .scroll { margin-top: 14px; }
        .pair .scroll { max-height: 230px; }
        .pair td.name { max-width: none; white-space: normal; overflow-wrap: anywhere; }
        tr.more td { border-top: 0; padding-top: 0; }
        .chance svg { width: 90px; height: 9px; margin-right: 8px; }
        .chance .budget { fill: color-mix(in srgb, var(--accent) 16%, transparent); }
        .chance .used { fill: var(--accent); }
        .pill {
          display: inline-flex; align-items: center; gap: 6px; padding: 2px 10px; border-radius: 99px;
          font-size: 12px; font-weight: 600; border: 1px solid currentColor; white-space: nowrap;
        }
        .pill::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: currentColor; }
        .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
        .idle, .unknown { color: var(--idle); }
        .banner { padding: 9px 14px; margin: 14px 0 0; border-left: 4px solid currentColor; }
        .banner span { color: var(--text); }
        .servers { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 14px; }
        .server { padding: 13px 15px; }
        .server .title { margin: 0 0 6px; min-height: 0; }
        .server .title h2 { font-size: 14px; overflow-wrap: anywhere; }
        .server .error { color: var(--bad); font-size: 12.5px; margin: 6px 0 0; overflow-wrap: anywhere; }
        .server details { margin-top: 6px; font-size: 12.5px; color: var(--muted); }
        .server pre { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 11.5px; }
        .parts {
          display: grid; grid-template-columns: max-content minmax(80px, 1fr) max-content; gap: 6px 14px;
          align-items: center;
        }
        .parts svg { width: 100%; height: 14px; display: block; }
        .parts .budget { fill: color-mix(in srgb, var(--accent) 16%, transparent); }
        .parts .used { fill: var(--accent); }
        .scroll { overflow: auto; max-height: 430px; }
        table { width: 100%; border-collapse: collapse; }
        th, td { text-align: left; padding: 7px 14px; white-space: nowrap; }
        td { border-top: 1px solid var(--line); }
        td.name { max-width: 380px; overflow: hidden; text-overflow: ellipsis; }
        th {
          position: sticky; top: 0; background: var(--card); color: var(--muted); font-weight: 500;
          font-size: 12px;
        }
        .number { text-align: right; }
        tbody tr.link { cursor: pointer; }
        tbody tr.link:hover td, tbody tr.link:focus td {
          background: color-mix(in srgb, var(--accent) 8%, transparent);
        }
        td.empty { color: var(--muted); padding: 22px 14px; text-align: center; }
        button, select, input {
          font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line);
          border-radius: 8px; padding: 4px 10px;
        }
        button { cursor: pointer; }
        button:hover { border-color: var(--accent); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        label { color: var(--muted); font-size: 12.5px; }
        dialog {
          background: var(--card); color: var(--text); border: 1px solid var(--line); border-radius: 14px;
          width: min(560px, 92vw); padding: 18px 20px;
        }
        dialog::backdrop { background: rgba(8, 10, 18, .5); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 5px 18px; margin: 0; }
        dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
        """#
}
