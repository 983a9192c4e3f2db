with

final as (

    select
        run_id,
        stage,
        started_at,
        ended_at,
        date_diff('millisecond', started_at, ended_at) / 1000.0 as seconds,
        rows,
        bytes,
        outcome,
        exit_code,
        publication_id,
        omraadetal_version,
        dbt_version,
        duckdb_version
    from {{ source('disclosed', 'run') }}

)

select * from final
