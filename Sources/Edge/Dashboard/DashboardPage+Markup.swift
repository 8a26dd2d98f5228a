extension DashboardPage {
    static let markup = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Attune</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/dashboard.css">
        <script src="/dashboard.js" defer></script>
        </head>
        <body>
        <header>
          <div class="brand"><img src="/favicon.svg" alt="" width="28" height="28"><h1>Attune</h1>
            <span id="version" class="muted"></span></div>
          <div class="head-right">
            <span id="state" class="pill unknown" role="status">connecting</span>
            <button id="theme" type="button" aria-label="Switch between dark and light">&#9680;</button>
          </div>
        </header>
        <main>
          <noscript><p class="banner warn">This page needs JavaScript. The same facts are at
            <a href="/api/v1/status">/api/v1/status</a>.</p></noscript>
          <div id="reasons" aria-live="polite"></div>

          <section class="cards" aria-label="Now">
            <article class="card"><h2>Calls a second</h2><p id="calls-rate" class="figure">&ndash;</p>
              <svg id="calls-line" class="spark" viewBox="0 0 120 32" preserveAspectRatio="none"
               aria-hidden="true"></svg></article>
            <article class="card"><h2>Errors a second</h2><p id="errors-rate" class="figure">&ndash;</p>
              <svg id="errors-line" class="spark bad" viewBox="0 0 120 32" preserveAspectRatio="none"
               aria-hidden="true"></svg></article>
            <article class="card"><h2>Servers up</h2><p id="servers-up" class="figure">&ndash;</p>
              <p id="tools-count" class="muted">&nbsp;</p></article>
            <article class="card"><h2>Memory</h2><p id="memory" class="figure">&ndash;</p>
              <p id="uptime" class="muted">&nbsp;</p></article>
            <article class="card"><h2>Learner</h2><p id="learner" class="figure">&ndash;</p>
              <p id="learner-facts" class="muted">&nbsp;</p></article>
          </section>

          <section>
            <div class="title"><h2>Over time</h2>
              <label>the last <select id="span"><option value="900">15 minutes</option>
                <option value="3600" selected>hour</option><option value="21600">6 hours</option>
                <option value="86400">day</option><option value="604800">week</option>
                <option value="7776000">90 days</option></select></label></div>
            <div id="charts" class="charts"></div>
          </section>

          <section>
            <div class="title"><h2>Patterns</h2><span id="patterns-note" class="muted"></span></div>
            <div class="charts pair">
              <article id="accuracy" class="card"></article>
              <div class="scroll"><table>
                <thead><tr><th>Frequent sequence</th><th class="number">Support</th>
                  <th class="number">Share</th><th class="number">Lift</th></tr></thead>
                <tbody id="sequences"></tbody></table></div>
            </div>
            <div class="scroll"><table>
              <thead><tr><th>Session</th><th>Agent</th><th class="number">Calls</th><th>Next call</th>
                <th>Chance</th><th class="number">Suspicion</th></tr></thead>
              <tbody id="guesses"></tbody></table></div>
            <div class="scroll"><table>
              <thead><tr><th>Time</th><th>Anomaly</th><th>Tool</th><th>Session</th>
                <th class="number">How unlikely</th><th>What</th></tr></thead>
              <tbody id="anomalies"></tbody></table></div>
          </section>

          <section>
            <div class="title"><h2>Servers</h2></div>
            <div id="servers" class="servers"></div>
          </section>

          <section>
            <div class="title"><h2>Recent calls</h2>
              <label>outcome <select id="outcome">
                <option value="">all</option><option value="!">errors</option></select></label>
              <button id="pause" type="button" aria-pressed="false">Pause</button></div>
            <div class="scroll"><table>
              <thead><tr><th>Time</th><th>Server</th><th>Tool or method</th><th>Outcome</th>
                <th class="number">Total</th><th class="number">Gateway</th></tr></thead>
              <tbody id="calls"></tbody></table></div>
            <p id="calls-note" class="muted"></p>
          </section>

          <section>
            <div class="title"><h2>Tools</h2>
              <input id="filter" type="search" placeholder="filter by name" aria-label="Filter tools"></div>
            <div class="scroll"><table>
              <thead><tr><th>Name</th><th>Server</th><th>Title</th><th class="number">Calls</th>
                <th class="number">Errors</th><th class="number">p50</th>
                <th class="number">p99</th></tr></thead>
              <tbody id="tools"></tbody></table></div>
            <p id="tools-note" class="muted"></p>
          </section>

          <section>
            <div class="title"><h2>Memory</h2><span id="memory-total" class="muted"></span></div>
            <div class="card"><div id="memory-parts" class="parts"></div></div>
          </section>

          <section>
            <div class="title"><h2>Sessions</h2></div>
            <div class="scroll"><table>
              <thead><tr><th>Session</th><th>Client</th><th>Path</th><th>Protocol</th><th>Principal</th>
                <th>Last used</th></tr></thead>
              <tbody id="sessions"></tbody></table></div>
          </section>
        </main>
        <dialog id="call"><form method="dialog"><div class="title"><h2 id="call-title"></h2>
          <button>Close</button></div></form><dl id="call-facts"></dl></dialog>
        <footer class="muted"><span>MCP at <code id="mcp-url"></code></span>
          <span><a href="/metrics">metrics</a> &middot; <a href="/readyz">readiness</a> &middot;
          <a href="/api/v1/status">status</a></span></footer>
        </body>
        </html>
        """#
}
