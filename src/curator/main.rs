//! The command `curator`: `check` says what is wrong with the content, `build` lays out what visitors get.

mod command;

use command::{Asked, Task, USAGE};
use curator::edition::{self, Order};
use curator::{check, library};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let asked = match command::read(std::env::args_os().skip(1)) {
        Ok(asked) => asked,
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&asked) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("curator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: &Asked) -> Result<ExitCode, Box<dyn std::error::Error>> {
    if asked.task == Task::Help {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    if !asked.assets.is_dir() {
        return Err(format!("there is no folder {}; name it with --assets", asked.assets.display()).into());
    }
    let begun = Instant::now();
    let library = library::open(&asked.assets)?;
    let findings = check::check(&library, &asked.out.join("brotli-cache"))?;
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        for finding in &findings {
            println!("{finding}");
        }
    }
    if asked.task == Task::Check {
        if !asked.json {
            println!("{}", count(findings.len()));
        }
        return Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if !findings.is_empty() {
        println!("{}", count(findings.len()));
        if !asked.lenient {
            eprintln!("curator: nothing was built; mend the findings, or build with --lenient");
            return Ok(ExitCode::FAILURE);
        }
    }
    let order = Order { web: &asked.web, bundles: &asked.bundles, out: &asked.out };
    let laid = edition::lay_out(order, &library, &|line| println!("{line}"))?;
    let what = if laid.changed { "laid out" } else { "unchanged" };
    println!("{}: {} pages, {} files, {:.1} s", what, laid.pages, laid.files, begun.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

fn count(findings: usize) -> String {
    match findings {
        0 => "nothing found".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    }
}
